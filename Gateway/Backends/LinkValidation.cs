using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;

namespace Cortex.Backends;

/// <summary>Checks what stands in a backend about linked accounts.</summary>
internal static class LinkValidation
{
    public static void Validate(string path, BackendOptions options, SectionValidation validation)
    {
        var link = options.Link;
        if (options.Auth == BackendAuth.LinkedAccount)
            ValidateServer(path, options, validation);
        else if (link.ClientId is not null || link.ClientSecret is not null || link.Issuer is not null || link.Scopes.Count > 0 || link.PersonalTokens)
            validation.Error($"{path}.link", "it says how accounts are linked, but auth is not linkedAccount", "set auth: linkedAccount, or remove it");
        if (link.ClientId is { Length: 0 })
            validation.Error($"{path}.link.clientId", "the client's id is empty", "write the id that the provider gave the client, or leave it out");
        if (link.ClientSecret is not null && link.ClientId is null)
            validation.Error($"{path}.link.clientSecret", "a client's secret is given without its id", "write clientId beside it, or remove the secret");
        if (link.Issuer is { } issuer && !(Uri.TryCreate(issuer, UriKind.Absolute, out var address) && (address.Scheme == "https" || address is { Scheme: "http", IsLoopback: true })))
            validation.Error($"{path}.link.issuer", $"'{issuer}' is no issuer", "write it as the provider's metadata does, such as https://accounts.example.com");
        foreach (var scope in link.Scopes.Where(scope => !IsScope(scope)))
            validation.Error($"{path}.link.scopes", $"'{scope}' is no scope of OAuth", "write one scope an entry, without spaces or quotes");
        ValidateCatalogAccount(path, options, validation);
    }

    private static void ValidateServer(string path, BackendOptions options, SectionValidation validation)
    {
        if (options.Kind != BackendKind.Mcp)
            validation.Error($"{path}.auth", "accounts are linked at native MCP servers, and this is none", "set kind: mcp, or use auth: userToken");
        if (options.Destinations.Count > 1)
            validation.Error($"{path}.destinations", "an account is linked at one server, and there are several", "write url: with the address of the server that accounts are at");
    }

    private static void ValidateCatalogAccount(string path, BackendOptions options, SectionValidation validation)
    {
        if (options.CatalogAccount is not { } account)
            return;
        if (options.Auth != BackendAuth.LinkedAccount)
            validation.Error($"{path}.catalogAccount", "it names a linked account, but auth is not linkedAccount", "set auth: linkedAccount, or remove it");
        else if (options.Catalog != CatalogSharing.Shared)
            validation.Error($"{path}.catalogAccount", "with catalog: perPerson each person's own account reads the catalog", "set catalog: shared, or remove it");
        if (!PersonId.TryParse(account, out _) && account.IndexOf('@', StringComparison.Ordinal) is <= 0)
            validation.Error($"{path}.catalogAccount", $"'{account}' is no person", "write a person's id (p_...) or verified e-mail address");
    }

    /// <summary>A scope-token of <see href="https://www.rfc-editor.org/rfc/rfc6749#section-3.3">RFC 6749</see>.</summary>
    private static bool IsScope(string text) => text.Length > 0 && text.All(c => c is '!' or (>= '#' and <= '[') or (>= ']' and <= '~'));
}
