using Cortex.Foundation.Configuration;
using Cortex.Foundation.Outbound;
using Cortex.Identity.Callers;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Cortex.Identity.AuthorizationServer.SignIn.Oidc;

/// <summary>
/// Sets ASP.NET's OpenID Connect handler up for one provider: code flow with PKCE, nonce and state, the answer in the query, so that the cookies of
/// the attempt can be <c>Lax</c>; the ID token's issuer exactly as configured.
/// </summary>
internal sealed class ProviderHandlerOptions(string name, ProviderOptions provider, GatewayAddresses addresses, GuardedHttpClients clients)
    : IConfigureNamedOptions<OpenIdConnectOptions>
{
    private const int MaxReplyBytes = 1024 * 1024;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AttemptLifetime = TimeSpan.FromMinutes(15);

    public void Configure(OpenIdConnectOptions options)
    {
    }

    public void Configure(string? scheme, OpenIdConnectOptions options)
    {
        if (scheme != OidcPaths.Scheme(name))
            return;
        options.Authority = provider.Issuer;
        options.RequireHttpsMetadata = provider.Issuer.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        options.ClientId = provider.ClientId;
        options.ClientSecret = provider.ClientSecret?.Reveal();
        options.CallbackPath = OidcPaths.Callback(name);
        options.SignedOutCallbackPath = OidcPaths.SignedOut(name);
        options.SignInScheme = PersonSession.Scheme;
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.RemoteAuthenticationTimeout = AttemptLifetime;
        options.Scope.Clear();
        foreach (var scope in provider.Scopes)
            options.Scope.Add(scope);
        SetTokens(options);
        SetCookies(options);
        options.Backchannel = new HttpClient(new ProviderBackchannel(provider, clients)) { Timeout = Deadline, MaxResponseContentBufferSize = MaxReplyBytes };
        options.BackchannelTimeout = Deadline;
        options.EventsType = typeof(ProviderEvents);
    }

    private void SetTokens(OpenIdConnectOptions options)
    {
        options.MapInboundClaims = false;
        options.SaveTokens = false;
        options.ClaimActions.Clear();
        options.GetClaimsFromUserInfoEndpoint = true;
        options.TokenValidationParameters.IssuerValidator = (issuer, _, _) => issuer == provider.Issuer
            ? issuer
            : throw new SecurityTokenInvalidIssuerException($"The ID token is of the issuer '{issuer}'.") { InvalidIssuer = issuer };
    }

    private void SetCookies(OpenIdConnectOptions options)
    {
        var secure = addresses.Origin.StartsWith("https:", StringComparison.Ordinal);
        Set(options.CorrelationCookie, "cortex-oidc.");
        Set(options.NonceCookie, "cortex-oidc-nonce.");

        void Set(CookieBuilder cookie, string prefix)
        {
            cookie.Name = secure ? $"__Host-{prefix}" : prefix;
            cookie.Path = "/";
            cookie.HttpOnly = true;
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = secure ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
        }
    }
}
