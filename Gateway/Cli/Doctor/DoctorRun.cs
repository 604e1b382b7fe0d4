using Cortex.Cli.Doctor.Wire;
using Cortex.Cli.Findings;
using Cortex.Identity.Linking;

namespace Cortex.Cli.Doctor;

/// <summary>One examination of one gateway: how to ask it, and what is known of it so far.</summary>
internal sealed class DoctorRun(DoctorOptions options, DoctorProbe probe, CertificateTrust trust, FindingLog findings, TimeProvider time)
{
    private const string ResourceMetadataRoot = "/.well-known/oauth-protected-resource";

    public DoctorOptions Options => options;

    public DoctorProbe Probe => probe;

    public CertificateTrust Trust => trust;

    public FindingLog Findings => findings;

    public TimeProvider Time => time;

    /// <summary>The address that is examined.</summary>
    public Uri Url { get; } = new(options.Address);

    /// <summary>Scheme, host and port of it.</summary>
    public string Origin => Url.GetLeftPart(UriPartial.Authority);

    /// <summary>Where clients look for the metadata of the address first.</summary>
    public Uri MetadataOfPath => new(Origin + ResourceMetadataRoot + Url.AbsolutePath.TrimEnd('/'));

    /// <summary>Where they look next.</summary>
    public Uri MetadataOfRoot => new(Origin + ResourceMetadataRoot);

    /// <summary>False once it is clear that nothing else can be checked.</summary>
    public bool GoesOn { get; private set; } = true;

    /// <summary>The first answer, to a request without a token.</summary>
    public ProbeReply.Answered? First { get; set; }

    /// <summary>What its challenge said; null when there was none.</summary>
    public ServerChallenge? Challenge { get; set; }

    /// <summary>The protected-resource metadata; null until it was read.</summary>
    public ProviderDocument? Resource { get; set; }

    /// <summary>The origin that the gateway takes for its own, where that is not the one it was asked at.</summary>
    public string? OtherOrigin { get; set; }

    /// <summary>The authorization servers whose metadata could be read.</summary>
    public List<FoundIssuer> Issuers { get; } = [];

    /// <summary>True once the token was taken.</summary>
    public bool IsSignedIn { get; set; }

    /// <summary>The session that the token opened; null for none.</summary>
    public string? Session { get; set; }

    /// <summary>False once it is known that messages of the legacy era don't get through.</summary>
    public bool IsLegacy { get; set; } = true;

    /// <summary>False once it is known that messages of the modern era don't get through.</summary>
    public bool IsModern { get; set; } = true;

    /// <summary>Nothing else can be checked.</summary>
    public void Stop() => GoesOn = false;

    /// <summary>Posts a message of MCP to the gateway, as a client does.</summary>
    /// <param name="message">The message.</param>
    /// <param name="token">The token; null for none.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task<ProbeReply> PostAsync(McpMessage message, string? token, CancellationToken cancellationToken) =>
        probe.SendAsync(() => message.ToRequest(Url, token), cancellationToken);

    /// <summary>The answer to a message that bears the token; none is a finding, and null.</summary>
    public async Task<ProbeReply.Answered?> AskAsync(string check, McpMessage message, CancellationToken cancellationToken)
    {
        switch (await PostAsync(message, options.Token, cancellationToken))
        {
            case ProbeReply.Answered answer:
                return answer;
            case ProbeReply.Failed failed:
                findings.Fail(check, $"{message.Method}: {failed.Problem}", "Look in the logs of the proxy and of the gateway for what ended the request");
                return null;
            default:
                throw new InvalidOperationException("A request ended in no known way.");
        }
    }
}
