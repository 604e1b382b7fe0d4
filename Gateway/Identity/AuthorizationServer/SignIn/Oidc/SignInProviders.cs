using Cortex.Identity.Callers;
using Cortex.Identity.Callers.Issuers;

namespace Cortex.Identity.AuthorizationServer.SignIn.Oidc;

/// <summary>
/// The providers that people are sent to, as they were at the start: those of <c>authorizationServer.providers</c> where <c>signIn</c> offers them, and
/// the issuers with a <c>browserClient</c>. Immutable.
/// </summary>
internal sealed class SignInProviders
{
    private readonly Dictionary<string, SignInProvider> _byName = new(StringComparer.Ordinal);

    public SignInProviders(IdentityOptions options)
    {
        if (options.AuthorizationServer.SignIn.Contains(SignInKind.Oidc))
        {
            foreach (var (name, provider) in options.AuthorizationServer.Providers)
                _byName.Add(name, new SignInProvider(name, provider, TrustsEmail: false));
        }

        foreach (var issuer in options.Issuers.Where(issuer => issuer.BrowserClient is not null))
        {
            var name = issuer.BrowserClient!.NameAt(issuer.Issuer);
            _byName.Add(name, new SignInProvider(name, Describe(issuer, issuer.BrowserClient), issuer.TrustEmail));
        }
    }

    /// <summary>In the order of the configuration.</summary>
    public IReadOnlyCollection<SignInProvider> All => _byName.Values;

    public SignInProvider? Find(string name) => _byName.GetValueOrDefault(name);

    public SignInProvider OfScheme(string scheme) => All.Single(provider => OidcPaths.Scheme(provider.Name) == scheme);

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
/// <param name="TrustsEmail">True: every address it tells counts as verified.</param>
internal sealed record SignInProvider(string Name, ProviderOptions Options, bool TrustsEmail);
