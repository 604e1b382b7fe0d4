using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;

namespace Cortex.Backends;

/// <summary>Checks <c>backends:</c> beyond its types: names, addresses, and options that must or must not stand together.</summary>
internal static class BackendsValidation
{
    public static void Validate(BackendsOptions backends, SectionValidation validation)
    {
        var plain = PlainProxyValidation.IdsOf(validation.Other<PlainProxyOptions>().Clusters);
        foreach (var (id, options) in backends)
        {
            var path = $"backends.{id}";
            if (!BackendId.TryParse(id, out var backend))
                validation.Error(path, $"'{id}' is not a backend name", "use 1 to 32 of a-z, 0-9, '-' and '_', starting with a letter");
            if (id is BackendRoutes.IngressCluster || id == BackendDefinition.Gateway.Id.Value)
                validation.Error(path, $"'{id}' is the gateway's own name", "choose another, such as that of the app");
            ValidateAddresses(path, options, validation);
            ValidateNames(path, options, validation);
            ValidateAuth(path, options, validation);
            LinkValidation.Validate(path, options, validation);
            ValidateDeadlines(path, options, validation);
            ExchangeValidation.Validate(path, options, validation);
            if (backend != default)
                ClusterValidation.Validate(path, backend, options, plain, validation);
        }

        if (validation.Added.Count > 0 && validation.Errors.Count == 0)
            IncludedBackendsValidation.Validate(backends, validation);
    }

    private static void ValidateAddresses(string path, BackendOptions options, SectionValidation validation)
    {
        if (options.Url is null && options.Destinations.Count == 0)
            validation.Error($"{path}.url", "no address is given", "write url: https://... or destinations: [...]");
        if (options.Url is not null && options.Destinations.Count > 0)
            validation.Error($"{path}.destinations", "both url and destinations are given", "keep one of them");
        if (options.Url is not null)
            ValidateAddress($"{path}.url", options.Url, options, validation);
        for (var i = 0; i < options.Destinations.Count; i++)
            ValidateAddress($"{path}.destinations[{i}]", options.Destinations[i], options, validation);
        if (options.Demo && options.Url is { } demo && !(Uri.TryCreate(demo, UriKind.Absolute, out var at) && at is { Scheme: "http", IsLoopback: true }))
            validation.Error($"{path}.demo", $"the demo backend can't run at '{demo}'", "give it an http address of this machine, such as http://127.0.0.1:4820");
        if (options.Path is { } endpoint && !endpoint.StartsWith('/'))
            validation.Error($"{path}.path", $"'{endpoint}' does not start with '/'", $"write path: /{endpoint}");
        if (options.Kind == BackendKind.Mcp && options.Path is null
            && options.Destinations.Select(PathOf).Distinct(StringComparer.Ordinal).Count() > 1)
            validation.Error($"{path}.destinations", "the destinations end in different paths", "give all the same path, or set path");
    }

    private static void ValidateAddress(string path, string text, BackendOptions options, SectionValidation validation)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            validation.Error(path, $"'{text}' is not an http or https address", "write for example https://notes.example.com");
        else if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            validation.Error(path, "the address carries user info, a query or a fragment", "keep scheme, host, port and path; put secrets under auth: static");
        else if (uri.Scheme == "http" && !uri.IsLoopback && !options.AllowPlaintext)
            validation.Error(path, $"address must be https or loopback (was '{text}')", "use https, or set allowPlaintext: true if the network in between is trusted");
    }

    private static void ValidateNames(string path, BackendOptions options, SectionValidation validation)
    {
        if (options.Prefix is { Length: > 0 } prefix && (prefix.Length > 32 || !prefix.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
            validation.Error($"{path}.prefix", $"'{prefix}' can't start a tool name", "use at most 32 of A-Z, a-z, 0-9, '-' and '_', or \"\" for none");
        foreach (var (name, alias) in options.Aliases.Where(entry => entry.Value.Length is 0 or > 64 || !entry.Value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
            validation.Error($"{path}.aliases.{name}", $"'{alias}' is not a name that all clients take", "use 1 to 64 of A-Z, a-z, 0-9, '-' and '_'");
        foreach (var twins in options.Aliases.GroupBy(entry => entry.Value, StringComparer.Ordinal).Where(twins => twins.Count() > 1))
            validation.Error($"{path}.aliases.{twins.Last().Key}", $"'{twins.Key}' is given to {string.Join(" and ", twins.Select(entry => $"'{entry.Key}'"))}", "choose another for one of them");
        if (options.Kind == BackendKind.Contract && options.Scopes.Count > 0)
            validation.Error($"{path}.scopes", "scopes by name are for native MCP servers", "a contract backend names each tool's scope in list_tools");
        foreach (var (glob, scope) in options.Scopes.Where(entry => entry.Value.IsReserved))
            validation.Error($"{path}.scopes.{glob}", $"'{scope}' is reserved for the gateway", "use mcp:<domain>:<action>");
    }

    private static void ValidateAuth(string path, BackendOptions options, SectionValidation validation)
    {
        if (options.Auth == BackendAuth.Static && options.StaticSecret is null)
            validation.Error($"{path}.staticSecret", "auth: static needs a secret", "write staticSecret: ${env:NAME} or ${file:/path}");
        if (options.Auth != BackendAuth.Static && (options.StaticSecret is not null || options.StaticHeader is not null))
            validation.Error($"{path}.staticSecret", "a static secret is given, but auth is not static", "set auth: static, or remove it");
        if (options.StaticHeader is { } header && (header.Length == 0 || !header.All(c => char.IsAsciiLetterOrDigit(c) || c is '-')))
            validation.Error($"{path}.staticHeader", $"'{header}' is not a header name", "write for example X-Api-Key");
        if (options.Audience is { } audience && !Uri.TryCreate(audience, UriKind.Absolute, out _))
            validation.Error($"{path}.audience", $"'{audience}' is not an absolute URI", "write the backend's own address, or leave it out");
    }

    private static void ValidateDeadlines(string path, BackendOptions options, SectionValidation validation)
    {
        Positive("timeout", options.Timeout);
        Positive("idleTimeout", options.IdleTimeout);
        Positive("maxDuration", options.MaxDuration);
        Positive("staleAfter", options.StaleAfter);
        if (options.MaxReplyBytes is < 1024 or > 256 * 1024 * 1024)
            validation.Error($"{path}.maxReplyBytes", $"{options.MaxReplyBytes} is out of range", "write 1024 to 268435456");

        void Positive(string key, TimeSpan value)
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(30))
                validation.Error($"{path}.{key}", $"{value} is out of range", "write a duration such as 10s, above 0 and at most 30d");
        }
    }

    private static string PathOf(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.AbsolutePath : address;
}
