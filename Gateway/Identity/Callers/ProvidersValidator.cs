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

    /// <summary>Checks the <c>browserClient</c> of each issuer, beside the providers.</summary>
    public static void ValidateBrowserClients(IdentityOptions options, SectionValidation validation)
    {
        var server = options.AuthorizationServer;
        var names = new HashSet<string>(server.Enabled ? server.Providers.Keys : [], StringComparer.Ordinal);
        for (var i = 0; i < options.Issuers.Count; i++)
        {
            if (options.Issuers[i] is not { BrowserClient: { } client } issuer)
                continue;
            var path = $"identity.issuers[{i}].browserClient";
            if (server.Enabled && server.Providers.Values.Any(provider => provider.Issuer == issuer.Issuer))
                validation.Error(path, $"'{issuer.Issuer}' is the issuer of one of {Path} too, and one person would be two things", "Keep one of the two");
            if (!names.Add(client.NameAt(issuer.Issuer)))
                validation.Error($"{path}.name", $"'{client.NameAt(issuer.Issuer)}' is the name of another provider too", "Write a name of its own: it becomes part of the redirect URI");
            CheckClient(client.NameAt(issuer.Issuer), client.ClientId, client.Scopes, path, validation);
        }
    }

    private static void CheckClient(string name, string clientId, IReadOnlyList<string> scopes, string path, SectionValidation validation)
    {
        if (name.Length is 0 or > MaxNameLength || name.AsSpan().ContainsAnyExcept(NameCharacters))
            validation.Error(path, $"'{name}' is no name for a provider", "Write 1 to 40 of a-z, 0-9 and -: it becomes part of the redirect URI");
        if (clientId.Length == 0)
            validation.Error($"{path}.clientId", "the client is not named", "Write the client_id that the provider gave you");
        if (!scopes.Contains("openid"))
            validation.Error($"{path}.scopes", "without openid nobody is told who signed in", "Write [openid, profile, email]");
        foreach (var scope in scopes.Where(scope => scope.Length == 0 || scope.Any(c => c is <= ' ' or > '~' or '"' or '\\')))
            validation.Error($"{path}.scopes", $"'{scope}' is not a scope", "Write one scope an item");
    }

    private static void Check(string name, ProviderOptions provider, string path, SectionValidation validation)
    {
        CheckClient(name, provider.ClientId, provider.Scopes, path, validation);
        IssuersValidator.CheckAddress(provider.Issuer, $"{path}.issuer", provider.AllowPlaintext, validation);
        foreach (var domain in provider.AllowedDomains.Where(domain => Uri.CheckHostName(domain) != UriHostNameType.Dns))
            validation.Error($"{path}.allowedDomains", $"'{domain}' is not a domain", "Write what stands behind the @, such as example.com");
        var claims = provider.Claims;
        if (new[] { claims.Subject, claims.Name, claims.Email, claims.EmailVerified, claims.Role, claims.Pool, claims.Groups }.Contains(""))
            validation.Error($"{path}.claims", "the name of a claim is empty", "Write the claim's name, or leave the key out");
    }
}
