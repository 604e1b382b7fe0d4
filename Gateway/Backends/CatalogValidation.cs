using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;

namespace Cortex.Backends;

/// <summary>Checks whose catalog of a backend is shown, and with whose account it is read.</summary>
internal static class CatalogValidation
{
    public static void Validate(string path, BackendOptions options, SectionValidation validation)
    {
        if (options.Catalog == CatalogSharing.PerPerson && options.Kind != BackendKind.Mcp)
            validation.Error($"{path}.catalog", "catalog: perPerson is for native MCP servers", "set kind: mcp, or leave it out: a contract backend lists the same for everyone");
        else if (options.Catalog == CatalogSharing.PerPerson && options.Auth is not (BackendAuth.LinkedAccount or BackendAuth.UserToken or BackendAuth.Exchange))
            validation.Error($"{path}.catalog", "catalog: perPerson needs a credential that stands for one person", "set auth: linkedAccount, userToken or exchange, or leave it out");
        if (options.CatalogAccount is not { } account)
            return;
        if (options.Auth != BackendAuth.LinkedAccount || options.Catalog != CatalogSharing.Shared)
            validation.Error($"{path}.catalogAccount", "a catalog account is for shared catalogs of auth: linkedAccount", "remove it, or set auth: linkedAccount and catalog: shared");
        else if (!PersonId.TryParse(account, out _) && account.IndexOf('@', StringComparison.Ordinal) <= 0)
            validation.Error($"{path}.catalogAccount", $"'{account}' is neither a person's id nor an e-mail address", "write p_... as the console shows it, or the person's verified address");
    }
}
