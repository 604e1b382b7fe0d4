namespace Cortex.Identity.Callers;

/// <summary><c>identity.authorizationServer.registration:</c>.</summary>
internal sealed class RegistrationOptions
{
    /// <summary>How long a client has for its first token before it is deleted.</summary>
    public TimeSpan FirstUseWithin { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long after its last token a client is deleted, with the consents it was given. It can register again.</summary>
    public TimeSpan UnusedFor { get; init; } = TimeSpan.FromDays(90);
}

/// <summary><c>identity.authorizationServer.clientMetadata:</c>.</summary>
internal sealed class ClientMetadataOptions
{
    /// <summary>True: a <c>client_id</c> may be the https address of a document that describes the client.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Hosts whose documents count: exact, or with a leading <c>*.</c> for every subdomain. Empty: all.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];
}
