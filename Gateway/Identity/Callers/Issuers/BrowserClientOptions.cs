using Cortex.Foundation.Model;

namespace Cortex.Identity.Callers.Issuers;

/// <summary>
/// <c>browserClient:</c> of an issuer: the client as which the gateway sends people there to sign in, by OpenID Connect. The redirect URI to register
/// there is <c>&lt;publicUrl&gt;/signin/oidc/&lt;name&gt;</c>.
/// </summary>
internal sealed class BrowserClientOptions
{
    /// <summary>The gateway's <c>client_id</c> there.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>The gateway's client secret there; unset: a public client, which PKCE alone protects.</summary>
    public Secret? ClientSecret { get; init; }

    /// <summary>Scopes to ask for; <c>openid</c> must be one.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = ["openid", "profile", "email"];

    /// <summary>Its name in the redirect URI (<c>a-z 0-9 -</c>). Default: the issuer's host with <c>-</c> for each dot.</summary>
    public string? Name { get; init; }

    /// <summary>What the button says people sign in with. Default: the issuer's host.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The name in the redirect URI.</summary>
    public string NameAt(string issuer) => Name ?? HostOf(issuer).ToLowerInvariant().Replace('.', '-');

    /// <summary>What the button says.</summary>
    public string LabelAt(string issuer) => DisplayName ?? HostOf(issuer);

    private static string HostOf(string issuer) => Uri.TryCreate(issuer, UriKind.Absolute, out var address) ? address.Host : "";
}
