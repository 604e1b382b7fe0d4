using Cortex.Identity.Callers;
using Cortex.Identity.Callers.Issuers;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.AuthorizationServer.SignIn.Oidc;

/// <summary>
/// The providers that people are sent to, as they were at the start: those of <c>authorizationServer.providers</c> where <c>signIn</c> offers them, and
/// the issuers with a <c>browserClient</c>, each for as long as it is trusted. Thread-safe.
/// </summary>
internal sealed class SignInProviders(IReadOnlyList<SignInProvider> atStart, IOptionsMonitor<IdentityOptions> identity)
{
    /// <summary>Those that people can be sent to now, in the order of the configuration.</summary>
    public IEnumerable<SignInProvider> Offered => atStart.Where(IsTrusted);

    /// <summary>The provider of this name that people can be sent to; null when there is none.</summary>
    public SignInProvider? Find(string name) => Offered.FirstOrDefault(provider => provider.Name == name);

    public SignInProvider OfScheme(string scheme) => atStart.Single(provider => OidcPaths.Scheme(provider.Name) == scheme);

    /// <summary>False for an issuer that was taken out of the configuration since: its browser client goes with it, at once.</summary>
    public bool IsTrusted(SignInProvider provider) =>
        provider.Issuer is null || identity.CurrentValue.Issuers.Any(issuer => issuer.Issuer == provider.Issuer.Issuer && issuer.BrowserClient is not null);

    /// <summary>The providers of a configuration.</summary>
    public static IReadOnlyList<SignInProvider> Describe(IdentityOptions options) =>
    [
        .. options.AuthorizationServer.Enabled && options.AuthorizationServer.SignIn.Contains(SignInKind.Oidc)
            ? options.AuthorizationServer.Providers.Select(entry => new SignInProvider(entry.Key, entry.Value, Issuer: null))
            : [],
        .. options.Issuers.Where(issuer => issuer.BrowserClient is not null)
            .Select(issuer => new SignInProvider(issuer.BrowserClient!.NameAt(issuer.Issuer), Describe(issuer, issuer.BrowserClient), issuer)),
    ];

    /// <summary>The same claims that its access tokens are read by, the subject above all: one person, whichever way they come.</summary>
    private static ProviderOptions Describe(IssuerOptions issuer, BrowserClientOptions client) => new()
    {
        Issuer = issuer.Issuer,
        ClientId = client.ClientId,
        ClientSecret = client.ClientSecret,
        DisplayName = client.LabelAt(issuer.Issuer),
        Scopes = client.Scopes,
        AllowPlaintext = issuer.AllowPlaintext,
        Claims = new ProviderClaimOptions
        {
            Subject = new IssuerRules(issuer).SubjectClaim,
            Name = issuer.Claims.Name,
            Email = issuer.Claims.Email,
            EmailVerified = issuer.Preset == IssuerPreset.EntraId ? "xms_edov" : "email_verified",
            Role = issuer.Claims.Role,
            Pool = issuer.Claims.Pool,
        },
    };
}

/// <summary>A provider.</summary>
/// <param name="Name">Its name in the redirect URI.</param>
/// <param name="Options">How it is asked and read.</param>
/// <param name="Issuer">The issuer whose browser client it is; null for an entry of <c>authorizationServer.providers</c>.</param>
internal sealed record SignInProvider(string Name, ProviderOptions Options, IssuerOptions? Issuer)
{
    /// <summary>True: every address it tells counts as verified.</summary>
    public bool TrustsEmail => Issuer?.TrustEmail is true;
}
