namespace Cortex.Identity.AuthorizationServer.Registration;

/// <summary>
/// A client's metadata as it asks to be registered (<see href="https://www.rfc-editor.org/rfc/rfc7591#section-2">RFC 7591, section 2</see>).
/// Members not listed here are ignored, as the RFC tells servers to do.
/// </summary>
internal sealed record ClientMetadata
{
    public IReadOnlyList<string>? RedirectUris { get; init; }

    public string? ClientName { get; init; }

    public string? ClientUri { get; init; }

    public string? LogoUri { get; init; }

    public string? TosUri { get; init; }

    public string? PolicyUri { get; init; }

    /// <summary><c>none</c>, <c>client_secret_basic</c> or <c>client_secret_post</c>; the RFC's default is <c>client_secret_basic</c>.</summary>
    public string? TokenEndpointAuthMethod { get; init; }

    public IReadOnlyList<string>? GrantTypes { get; init; }

    public IReadOnlyList<string>? ResponseTypes { get; init; }

    /// <summary><c>web</c> or <c>native</c>.</summary>
    public string? ApplicationType { get; init; }

    /// <summary>For information: what a client may hold is decided with each authorization request.</summary>
    public string? Scope { get; init; }

    public IReadOnlyList<string>? Contacts { get; init; }

    public string? SoftwareId { get; init; }

    public string? SoftwareVersion { get; init; }
}
