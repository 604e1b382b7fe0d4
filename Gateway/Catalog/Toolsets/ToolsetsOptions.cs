using Cortex.Foundation.Configuration;

namespace Cortex.Catalog.Toolsets;

/// <summary>
/// The root key <c>toolsets:</c>, by name: parts of the catalog, each served at an address of its own, <c>/mcp/&lt;name&gt;</c>. They keep lists short; what a
/// caller may use is decided by scopes alone.
/// </summary>
internal sealed class ToolsetsOptions : Dictionary<string, ToolsetOptions>
{
    internal static ConfigurationSection Section { get; } = new ConfigurationSection<ToolsetsOptions>("toolsets", ToolsetsValidation.Validate);
}
