using System.Text.Json;

namespace Cortex.Cli.BackendTest;

/// <summary>What the checks need to know of a listed tool.</summary>
/// <param name="Name">The backend's own name.</param>
/// <param name="Scope">What it needs.</param>
/// <param name="IsReadOnly">True when it says that it changes nothing.</param>
/// <param name="HasOutputSchema">True when it must return an object.</param>
/// <param name="Required">Parameters that can't be left out.</param>
internal sealed record ListedTool(string Name, string Scope, bool IsReadOnly, bool HasOutputSchema, IReadOnlyList<string> Required)
{
    /// <summary>Reads the MCP tool that the gateway makes of an entry.</summary>
    public static ListedTool Of(string name, string scope, ReadOnlyMemory<byte> mcpJson)
    {
        using var document = JsonDocument.Parse(mcpJson);
        var tool = document.RootElement;
        var isReadOnly = tool.TryGetProperty("annotations", out var annotations) && annotations.TryGetProperty("readOnlyHint", out var hint) && hint.ValueKind == JsonValueKind.True;
        var required = tool.GetProperty("inputSchema").TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array
            ? names.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!)
            : [];
        return new ListedTool(name, scope, isReadOnly, tool.TryGetProperty("outputSchema", out _), [.. required]);
    }
}
