using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Credentials;

namespace Cortex.Sessions.Upstream;

/// <summary>One wish to listen to a native server.</summary>
/// <param name="Backend">The server.</param>
/// <param name="Version">The revision it speaks.</param>
/// <param name="Topics">What is to be heard.</param>
/// <param name="Credential">Gives the credential for each new connection.</param>
internal sealed record UpstreamListening(
    BackendDefinition Backend, ProtocolVersion Version, UpstreamTopics Topics, Func<CancellationToken, ValueTask<CredentialResult>> Credential)
{
    /// <summary>What to do when the server refused a credential, as <see cref="CredentialResolver.ReplaceAsync"/> says it; null when there is never another.</summary>
    public Func<CredentialResult.Granted, CredentialRefusal, CancellationToken, ValueTask<CredentialResult?>>? Replace { get; init; }
}

/// <summary>How one connection ended.</summary>
internal abstract record UpstreamListeningEnd
{
    private UpstreamListeningEnd()
    {
    }

    /// <summary>The server closed it, or asks to come back.</summary>
    /// <param name="IsLossless">True when what happens meanwhile will be told at the next connection.</param>
    internal sealed record Closed(bool IsLossless) : UpstreamListeningEnd;

    /// <summary>It broke or never came to be.</summary>
    internal sealed record Failed(string Reason) : UpstreamListeningEnd;

    /// <summary>The server does not take the credential.</summary>
    internal sealed record CredentialRefused(CredentialRefusal Refusal, string Reason) : UpstreamListeningEnd;

    /// <summary>The server has no such streams: coming back is of no use.</summary>
    internal sealed record Refused(string Reason) : UpstreamListeningEnd;
}
