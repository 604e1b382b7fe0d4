using System.Globalization;
using System.Text;
using Cortex.Foundation.Model;
using Cortex.Identity.Callers;

namespace Cortex.Identity.AuthorizationServer.Registration;

/// <summary>Decides what of a client's metadata is registered. Pure.</summary>
internal static class RegistrationPolicy
{
    private const int MaxRedirectUris = 10;
    private const int MaxNameLength = 100;
    private static readonly string[] AuthMethods = ["none", "client_secret_basic", "client_secret_post"];

    public static RegistrationResult Decide(ClientMetadata asked)
    {
        if (asked.RedirectUris is not { Count: > 0 and <= MaxRedirectUris } redirectUris)
            return RegistrationResult.InvalidRedirectUri($"redirect_uris must name 1 to {MaxRedirectUris} addresses.");
        foreach (var uri in redirectUris)
        {
            if (RedirectUriPolicy.FindFault(uri) is { } fault)
                return RegistrationResult.InvalidRedirectUri($"A redirect URI {fault}.");
        }

        if (asked.ApplicationType == "web" && redirectUris.Any(uri => !IsForWeb(new Uri(uri))))
            return RegistrationResult.InvalidRedirectUri("A web application's redirect URIs must use https and not lead to this computer; register as native for that.");
        return FindFault(asked) is { } problem ? RegistrationResult.InvalidMetadata(problem) : new RegistrationResult.Accepted(Complete(asked, redirectUris));
    }

    private static string? FindFault(ClientMetadata asked)
    {
        if (asked.TokenEndpointAuthMethod is { } method && !AuthMethods.Contains(method))
            return $"token_endpoint_auth_method must be one of {string.Join(", ", AuthMethods)}.";
        if (asked.GrantTypes is { } grants && !grants.Contains("authorization_code"))
            return "grant_types must hold authorization_code; beside it only refresh_token is offered.";
        if (asked.ResponseTypes is { } responses && !responses.Contains("code"))
            return "response_types must hold code.";
        if (asked.ApplicationType is not (null or "web" or "native"))
            return "application_type must be web or native.";
        string?[] pages = [asked.ClientUri, asked.LogoUri, asked.TosUri, asked.PolicyUri];
        return pages.Any(page => page is not null && !IsWebPage(page)) ? "client_uri, logo_uri, tos_uri and policy_uri must be http or https addresses." : null;
    }

    private static ClientMetadata Complete(ClientMetadata asked, IReadOnlyList<string> redirectUris) => asked with
    {
        RedirectUris = redirectUris,
        ClientName = CleanName(asked.ClientName),
        TokenEndpointAuthMethod = asked.TokenEndpointAuthMethod ?? "client_secret_basic",
        GrantTypes = asked.GrantTypes is { } grants && !grants.Contains("refresh_token") ? ["authorization_code"] : ["authorization_code", "refresh_token"],
        ResponseTypes = ["code"],
        ApplicationType = redirectUris.Any(uri => RedirectUriPolicy.IsNative(new Uri(uri))) ? "native" : asked.ApplicationType ?? "web",
        Scope = asked.Scope is null ? null : ScopeSet.Of(ScopeSet.ParseLenient(asked.Scope).Where(scope => !scope.IsReserved)).ToString(),
    };

    // People read it on the consent page: nothing invisible, nothing that turns the direction of the text, no second line.
    private static string? CleanName(string? name)
    {
        if (name is null)
            return null;
        return string.Concat(name.EnumerateRunes().Where(IsVisible).Take(MaxNameLength)).Trim();
    }

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned);

    // https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata, application_type; a native app may claim https addresses too.
    private static bool IsForWeb(Uri uri) => uri.Scheme == Uri.UriSchemeHttps && !RedirectUriPolicy.IsLoopback(uri);

    private static bool IsWebPage(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp);
}
