using System.Text.Json.Nodes;
using Cortex.Backends;

namespace Cortex.Catalog;

/// <summary>
/// The tool <c>&lt;backend&gt;_link_account</c>, which stands in the place of a person's own tools at a backend where they have not linked their account:
/// agents act on what they find in the list. The call never reaches the backend.
/// </summary>
internal static class AccountTool
{
    /// <summary>Its name before the backend's prefix.</summary>
    public const string Name = "link_account";

    /// <summary>The tool of a backend.</summary>
    /// <param name="backend">Where an account is to be linked.</param>
    /// <param name="linking">Whether it is listed.</param>
    public static CatalogItem Of(BackendDefinition backend, AccountLinking linking)
    {
        var publicName = $"{(backend.Prefix.Length > 0 ? backend.Prefix : backend.Id.Value)}_{Name}";
        var json = new JsonObject
        {
            ["name"] = publicName,
            ["title"] = $"Link an account at {backend.Id}",
            ["description"] = $"The tools of '{backend.Id}' appear once this person has linked their account there, which takes a minute in a browser. "
                + "Call this when the person wants something of it: it answers with the page to open. Afterwards list the tools again.",
            ["inputSchema"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject() },
            ["annotations"] = new JsonObject { ["readOnlyHint"] = true, ["destructiveHint"] = false, ["openWorldHint"] = true },
        };
        return new CatalogItem(
            CatalogKind.Tool, publicName, backend, Name, ToolScopes.Of(backend, Name), System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()))
        {
            Linking = linking,
        };
    }

    /// <summary>True for the tool's own name, and where the account is not linked for all names that would be the backend's.</summary>
    public static bool Covers(CatalogItem tool, string publicName) =>
        tool.PublicName == publicName
        || (tool is { Linking: AccountLinking.Offered, Backend.Prefix.Length: > 0 } && publicName.Length > tool.Backend.Prefix.Length
            && publicName[tool.Backend.Prefix.Length] == '_' && publicName.StartsWith(tool.Backend.Prefix, StringComparison.Ordinal));
}

/// <summary>Whether an item is a <see cref="AccountTool"/> tool.</summary>
internal enum AccountLinking
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>It is, and is listed: the account is not linked.</summary>
    Offered,

    /// <summary>It is, and is not listed any more; who calls it again after linking is told that it worked.</summary>
    Done,
}
