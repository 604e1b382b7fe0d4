using Cortex.Foundation.Model;

namespace Cortex.Identity.Callers;

/// <summary>
/// One entry of <c>identity.authorizationServer.providers</c>: an OpenID Connect provider by which people sign in. The redirect URI to register
/// there is <c>&lt;publicUrl&gt;/signin/oidc/&lt;name&gt;</c>. A person is known by issuer and subject, and never by an e-mail address.
/// </summary>
internal sealed class ProviderOptions
{
    /// <summary>The issuer, exactly as in its metadata and ID tokens; for Entra ID that of one tenant.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>The gateway's <c>client_id</c> there.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>The gateway's client secret there; unset: a public client, which PKCE alone protects.</summary>
    public Secret? ClientSecret { get; init; }

    /// <summary>What the button says people sign in with. Default: the name of the entry.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Scopes to ask for; <c>openid</c> must be one.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = ["openid", "profile", "email"];

    /// <summary>Which claims say what. A dot leads into an object: <c>realm_access.roles</c>.</summary>
    public ProviderClaimOptions Claims { get; init; } = new();

    /// <summary>Turns away whoever has no e-mail address that the provider vouches for.</summary>
    public bool RequireVerifiedEmail { get; init; }

    /// <summary>Domains of the verified e-mail addresses that may sign in; empty: all, and people without an address.</summary>
    public IReadOnlyList<string> AllowedDomains { get; init; } = [];

    /// <summary>Allows plaintext http to a host that is not loopback.</summary>
    public bool AllowPlaintext { get; init; }
}

/// <summary><c>claims:</c> of a provider: names of claims in its ID token or user info.</summary>
internal sealed class ProviderClaimOptions
{
    /// <summary>Names the person for good; Entra ID: <c>oid</c>, since its <c>sub</c> differs for every client.</summary>
    public string Subject { get; init; } = "sub";

    /// <summary>The display name.</summary>
    public string Name { get; init; } = "name";

    /// <summary>The e-mail address.</summary>
    public string Email { get; init; } = "email";

    /// <summary>True where the provider vouches for the address; Entra ID: <c>xms_edov</c>. An address it does not vouch for proves nothing.</summary>
    public string EmailVerified { get; init; } = "email_verified";

    /// <summary>The role that backends are told; of several values the first. Unset: none.</summary>
    public string? Role { get; init; }

    /// <summary>The pool (tenant, department) that backends are told. Unset: none.</summary>
    public string? Pool { get; init; }

    /// <summary>The groups the person is in. Unset: none.</summary>
    public string? Groups { get; init; }
}
