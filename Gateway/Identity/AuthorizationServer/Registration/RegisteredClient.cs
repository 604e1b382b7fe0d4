namespace Cortex.Identity.AuthorizationServer.Registration;

/// <summary>
/// The reply to a registration: what was registered in the end, and the credentials
/// (<see href="https://www.rfc-editor.org/rfc/rfc7591#section-3.2.1">RFC 7591, section 3.2.1</see>). The secret is shown this once.
/// </summary>
internal sealed record RegisteredClient
{
    public required string ClientId { get; init; }

    /// <summary>Unix seconds.</summary>
    public required long ClientIdIssuedAt { get; init; }

    /// <summary>Null for a public client.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>0: the secret does not expire. Null for a public client.</summary>
    public long? ClientSecretExpiresAt { get; init; }

    public required IReadOnlyList<string> RedirectUris { get; init; }

    public string? ClientName { get; init; }

    public string? ClientUri { get; init; }

    public string? LogoUri { get; init; }

    public string? TosUri { get; init; }

    public string? PolicyUri { get; init; }

    public required string TokenEndpointAuthMethod { get; init; }

    public required IReadOnlyList<string> GrantTypes { get; init; }

    public required IReadOnlyList<string> ResponseTypes { get; init; }

    public required string ApplicationType { get; init; }

    public string? Scope { get; init; }

    public IReadOnlyList<string>? Contacts { get; init; }

    public string? SoftwareId { get; init; }

    public string? SoftwareVersion { get; init; }
}

/// <summary>An error reply to a registration (<see href="https://www.rfc-editor.org/rfc/rfc7591#section-3.2.2">RFC 7591, section 3.2.2</see>).</summary>
internal sealed record RegistrationError(string Error, string ErrorDescription);
