using System.Buffers;
using Cortex.Foundation.Configuration;
using Cortex.Identity.Callers.Issuers;

namespace Cortex.Identity.Callers;

/// <summary>Checks the entries of <c>identity.authorizationServer.providers</c>.</summary>
internal static class ProvidersValidator
{
    private const string Path = "identity.authorizationServer.providers";
    private const int MaxNameLength = 40;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static void Validate(AuthorizationServerOptions options, SectionValidation validation)
    {
        if (options.Enabled && options.SignIn.Contains(SignInKind.Oidc) && options.Providers.Count == 0)
            validation.Error(Path, "the sign-in oidc has no provider to go to", "Add one, or take oidc out of identity.authorizationServer.signIn");
        var issuers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, provider) in options.Providers)
        {
            if (!issuers.TryAdd(provider.Issuer, name))
                validation.Error($"{Path}.{name}.issuer", $"it is the issuer of '{issuers[provider.Issuer]}' too, and one person would be two things", "Keep one of the two entries");
            Check(name, provider, $"{Path}.{name}", validation);
        }
    }

    private static void Check(string name, ProviderOptions provider, string path, SectionValidation validation)
    {
        if (name.Length is 0 or > MaxNameLength || name.AsSpan().ContainsAnyExcept(NameCharacters))
            validation.Error(path, $"'{name}' is no name for a provider", "Write 1 to 40 of a-z, 0-9 and -: it becomes part of the redirect URI");
        IssuersValidator.CheckAddress(provider.Issuer, $"{path}.issuer", provider.AllowPlaintext, validation);
        if (provider.ClientId.Length == 0)
            validation.Error($"{path}.clientId", "the client is not named", "Write the client_id that the provider gave you");
        if (!provider.Scopes.Contains("openid"))
            validation.Error($"{path}.scopes", "without openid nobody is told who signed in", "Write [openid, profile, email]");
        foreach (var scope in provider.Scopes.Where(scope => scope.Length == 0 || scope.Any(c => c is <= ' ' or > '~' or '"' or '\\')))
            validation.Error($"{path}.scopes", $"'{scope}' is not a scope", "Write one scope an item");
        foreach (var domain in provider.AllowedDomains.Where(domain => Uri.CheckHostName(domain) != UriHostNameType.Dns))
            validation.Error($"{path}.allowedDomains", $"'{domain}' is not a domain", "Write what stands behind the @, such as example.com");
        var claims = provider.Claims;
        if (new[] { claims.Subject, claims.Name, claims.Email, claims.EmailVerified, claims.Role, claims.Pool, claims.Groups }.Contains(""))
            validation.Error($"{path}.claims", "the name of a claim is empty", "Write the claim's name, or leave the key out");
    }
}
