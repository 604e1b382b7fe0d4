namespace Cortex.Identity.AuthorizationServer;

/// <summary>Where the authorization server answers, below the gateway's origin.</summary>
internal static class ServerPaths
{
    public const string Authorize = "/oauth/authorize";
    public const string Token = "/oauth/token";
    public const string Revoke = "/oauth/revoke";
    public const string Introspect = "/oauth/introspect";
    public const string Register = "/oauth/register";

    /// <summary>Metadata by <see href="https://www.rfc-editor.org/rfc/rfc8414">RFC 8414</see>.</summary>
    public const string Metadata = "/.well-known/oauth-authorization-server";

    /// <summary>The same metadata where OpenID Connect Discovery looks for it.</summary>
    public const string OpenIdMetadata = "/.well-known/openid-configuration";

    public const string KeySet = "/.well-known/jwks.json";

    public const string SignIn = "/signin";
    public const string SignOut = "/signin/out";

    /// <summary>What a browser page of any origin may read; everything else follows the same-origin rule.</summary>
    public static readonly IReadOnlyList<string> OpenToAllOrigins = [Metadata, OpenIdMetadata, KeySet, Token, Revoke, Register];
}
