using Cortex.Foundation.Model;

namespace Cortex.Identity.Callers;

/// <summary>
/// One entry of <c>identity.authorizationServer.clients</c>: an OAuth client that the operator knows. It proves itself by at most one of
/// <see cref="Secret"/>, <see cref="Jwks"/> and <see cref="JwksUrl"/>; without any it is a public client.
/// </summary>
internal sealed class ClientOptions
{
    /// <summary>The <c>client_id</c>.</summary>
    public string Id { get; init; } = "";

    /// <summary>The name people see when they are asked for consent. Default: the id.</summary>
    public string? Name { get; init; }

    /// <summary>Where the answers for people go: https, http on loopback (with any port), or the scheme of an app. None for a machine.</summary>
    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    /// <summary>The client secret, of 16 characters or more, sent by <c>client_secret_basic</c> or <c>client_secret_post</c>.</summary>
    public Secret? Secret { get; init; }

    /// <summary>The client's public keys as a JWK set, in JSON: it proves itself by <c>private_key_jwt</c>.</summary>
    public string? Jwks { get; init; }

    /// <summary>Address of the client's JWK set: it proves itself by <c>private_key_jwt</c>.</summary>
    public string? JwksUrl { get; init; }

    /// <summary>
    /// What the client may do: <c>authorization_code</c>, <c>refresh_token</c>, <c>client_credentials</c> (a machine on its own behalf, which
    /// has to prove itself). Default: <c>[authorization_code, refresh_token]</c>.
    /// </summary>
    public IReadOnlyList<string> Grants { get; init; } = [ClientGrants.AuthorizationCode, ClientGrants.RefreshToken];

    /// <summary>The most the client can be given; empty: whatever people allow it, but nothing of the operator API. A machine needs at least one. Only a client
    /// that names <c>cortex:admin</c>, or one of its parts (<c>cortex:admin:persons</c>, <c>cortex:admin:persons:read</c>, ...), is given tokens for the operator API.</summary>
    public IReadOnlyList<Scope> Scopes { get; init; } = [];

    /// <summary>True when the client can prove itself.</summary>
    public bool IsConfidential() => Secret is not null || Jwks is not null || JwksUrl is not null;
}

/// <summary>The values of <c>grant_type</c> that a client can be configured for.</summary>
internal static class ClientGrants
{
    public const string AuthorizationCode = "authorization_code";
    public const string RefreshToken = "refresh_token";
    public const string ClientCredentials = "client_credentials";

    public static readonly IReadOnlyList<string> All = [AuthorizationCode, RefreshToken, ClientCredentials];
}
