using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Identity.Callers.Issuers;

namespace Cortex.Identity.Callers;

/// <summary>One entry of <c>identity.issuers</c>: an authorization server whose access tokens are accepted.</summary>
internal sealed class IssuerOptions
{
    /// <summary>The issuer exactly as it stands in <c>iss</c> and in its metadata.</summary>
    [NamesItem]
    public string Issuer { get; init; } = "";

    /// <summary>The product behind it, whose ways are known: standard, entraId, keycloak, auth0 or okta. It sets the defaults of the claims below.</summary>
    public IssuerPreset Preset { get; init; }

    /// <summary>The audience its tokens carry for this gateway. Default: the MCP resource, <c>&lt;publicUrl&gt;/mcp</c>.</summary>
    public string? Audience { get; init; }

    /// <summary>Address of its JWK set. Default: found through its OpenID Connect or RFC 8414 metadata.</summary>
    public string? JwksUrl { get; init; }

    /// <summary>Claims that hold scopes, each a space-separated string or an array of strings. Default: [scope, scp], or those of the preset.</summary>
    public IReadOnlyList<string>? ScopeClaims { get; init; }

    /// <summary>Claims that hold roles or groups, such as realm_access.roles; their values count only through scopeMap. Default: those of the preset.</summary>
    public IReadOnlyList<string>? RoleClaims { get; init; }

    /// <summary>Scopes that a value of the scope or role claims stands for. A value of a scope claim that is not named here stands for itself.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Scope>> ScopeMap { get; init; } = new Dictionary<string, IReadOnlyList<Scope>>();

    /// <summary>Claim that names the person for good. Default: sub, or that of the preset.</summary>
    public string? SubjectClaim { get; init; }

    /// <summary>Claims that tell of the person.</summary>
    public IssuerClaims Claims { get; init; } = new();

    /// <summary>Every e-mail address that the issuer tells counts as verified, whether or not it says so.</summary>
    public bool TrustEmail { get; init; }

    /// <summary>Asks the issuer whether a token still counts; unset: a token counts until it ends.</summary>
    public IntrospectionOptions? Introspection { get; init; }

    /// <summary>
    /// Lets its people sign in with their browser, to <c>/account</c> for example, as the same persons that its access tokens speak for; the authorization
    /// server inside the gateway may be off.
    /// </summary>
    [NeedsRestart]
    public BrowserClientOptions? BrowserClient { get; init; }

    /// <summary>Allows plaintext http to a host that is not loopback.</summary>
    public bool AllowPlaintext { get; init; }
}
