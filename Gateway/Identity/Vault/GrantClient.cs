namespace Cortex.Identity.Vault;

/// <summary>As which client, and where, the gateway holds a grant. Sealed with the tokens, so that nobody can point a refresh elsewhere.</summary>
internal sealed record GrantClient
{
    /// <summary>Id of the client at the provider.</summary>
    public required string ClientId { get; init; }

    /// <summary>Its secret; null for a public client.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>How it shows who it is.</summary>
    public ClientAuthentication Authentication { get; init; }

    /// <summary>True when the gateway registered it by itself, so that the provider may forget it again.</summary>
    public bool IsRegistered { get; init; }

    /// <summary>The provider's token endpoint.</summary>
    public required Uri TokenEndpoint { get; init; }

    /// <summary>Its revocation endpoint; null when it has none.</summary>
    public Uri? RevocationEndpoint { get; init; }

    /// <summary>The server that the tokens are for, as in <see href="https://www.rfc-editor.org/rfc/rfc8707#section-2">RFC 8707</see>; null when none is to be named.</summary>
    public string? Resource { get; init; }

    /// <summary>True when the server itself is on loopback, so that its provider may be as well.</summary>
    public bool OnLoopback { get; init; }

    public override string ToString() => ClientId;
}
