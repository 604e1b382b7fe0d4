using Cortex.Foundation.Configuration;

namespace Cortex.Backends;

/// <summary>Checks <c>exchange:</c> of a backend.</summary>
internal static class ExchangeValidation
{
    public static void Validate(string path, BackendOptions options, SectionValidation validation)
    {
        if (options.Auth != BackendAuth.Exchange)
        {
            if (options.Exchange is { TokenEndpoint: not null } or { ClientId: not null } or { ClientSecret: not null })
                validation.Error($"{path}.exchange", "a token endpoint is given, but auth is not exchange", "set auth: exchange, or remove it");
            return;
        }

        if (options.Exchange is not { } exchange)
        {
            validation.Error($"{path}.exchange", "auth: exchange needs a token endpoint", "write exchange: { tokenEndpoint: https://..., clientId: ..., clientSecret: ${env:NAME} }");
            return;
        }

        ValidateEndpoint($"{path}.exchange.tokenEndpoint", exchange.TokenEndpoint, options, validation);
        if (string.IsNullOrEmpty(exchange.ClientId))
            validation.Error($"{path}.exchange.clientId", "no client is named", "write the id under which the gateway is registered at the token endpoint");
        if (exchange.Resource is { } resource && !(Uri.TryCreate(resource, UriKind.Absolute, out var uri) && uri.Fragment.Length == 0))
            validation.Error($"{path}.exchange.resource", $"'{resource}' is not an absolute URI without a fragment", "write the backend's own address, or leave it out");
        foreach (var scope in exchange.Scopes.Where(scope => scope.Length == 0 || scope.Any(c => c is <= ' ' or > '~' or '"' or '\\')))
            validation.Error($"{path}.exchange.scopes", $"'{scope}' is not a scope", "write one scope an entry");
    }

    private static void ValidateEndpoint(string path, string? text, BackendOptions options, SectionValidation validation)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            validation.Error(path, $"'{text}' is not an http or https address", "write for example https://login.example.com/token");
        else if (uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
            validation.Error(path, "the address carries user info or a fragment", "put the client's secret under clientSecret");
        else if (uri.Scheme == "http" && !uri.IsLoopback && !options.AllowPlaintext)
            validation.Error(path, $"address must be https or loopback (was '{text}')", "use https, or set allowPlaintext: true if the network in between is trusted");
    }
}
