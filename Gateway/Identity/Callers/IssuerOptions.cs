using Cortex.Foundation.Model;

namespace Cortex.Identity.Callers;

/// <summary>One entry of <c>identity.issuers</c>: an authorization server whose access tokens are accepted.</summary>
internal sealed class IssuerOptions
{
    /// <summary>The issuer exactly as it stands in <c>iss</c> and in its metadata.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>The audience its tokens carry for this gateway. Default: the MCP resource, <c>&lt;publicUrl&gt;/mcp</c>.</summary>
    public string? Audience { get; init; }

    /// <summary>Address of its JWK set. Default: found through its OpenID Connect or RFC 8414 metadata.</summary>
    public string? JwksUrl { get; init; }

    /// <summary>Claims that hold scopes, each a space-separated string or an array of strings.</summary>
    public IReadOnlyList<string> ScopeClaims { get; init; } = ["scope", "scp"];

    /// <summary>Scopes that a value of the scope claims stands for; a value that is not named here stands for itself.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Scope>> ScopeMap { get; init; } = new Dictionary<string, IReadOnlyList<Scope>>();

    /// <summary>Claim that names the person for good.</summary>
    public string SubjectClaim { get; init; } = "sub";

    /// <summary>Allows plaintext http to a host that is not loopback.</summary>
    public bool AllowPlaintext { get; init; }
}
