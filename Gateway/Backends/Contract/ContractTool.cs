using System.Buffers;
using System.Text.Json;
using Cortex.Foundation.Model;

namespace Cortex.Backends.Contract;

/// <summary>One tool of <c>list_tools</c>, turned into an MCP tool.</summary>
/// <param name="Name">The backend's own name.</param>
/// <param name="Scope">The scope a caller needs.</param>
/// <param name="McpJson">The MCP tool object, still under the backend's own name.</param>
internal sealed record ContractTool(string Name, Scope Scope, byte[] McpJson)
{
    /// <summary>
    /// Reads one entry. Members of the contract (<c>scope</c>, <c>params</c>, <c>version</c>, <c>deprecated</c>) are translated, every other
    /// member passes through unchanged.
    /// </summary>
    /// <exception cref="FormatException">The entry breaks the contract; the message says how.</exception>
    public static ContractTool Read(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object)
            throw new FormatException("A tool is not a JSON object.");
        if (!entry.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String || name.GetString() is not { Length: > 0 } tool)
            throw new FormatException("A tool has no name.");
        if (ContractMethods.Reserved.Contains(tool))
            throw new FormatException($"Tool '{tool}' bears the name of a contract method; give it another name.");
        if (!entry.TryGetProperty("scope", out var scopeValue) || scopeValue.ValueKind != JsonValueKind.String
            || !Scope.TryParse(scopeValue.GetString(), out var scope))
            throw new FormatException($"Tool '{tool}' has no scope; add \"scope\": \"mcp:<domain>:<action>\".");
        if (entry.TryGetProperty("deprecated", out var deprecated)
            && deprecated.ValueKind is not (JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null))
            throw new FormatException($"Tool '{tool}': deprecated is neither true nor an object; write {{\"removedAt\": \"2027-03-01\", \"replacedBy\": \"<tool>\"}}.");
        if (scope.IsReserved)
            throw new FormatException($"Tool '{tool}' asks for '{scope}', which is reserved for the gateway; use mcp:<domain>:<action>.");
        ToolMembers.Check(tool, entry);
        return new ContractTool(tool, scope, WriteMcp(tool, entry));
    }

    private static byte[] WriteMcp(string tool, JsonElement entry)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("name", tool);
            if (Description(entry) is { } description)
                json.WriteString("description", description);
            WriteInputSchema(json, tool, entry);
            if (ToolMembers.TryGet(entry, "outputSchema", out var outputSchema))
                ToolMembers.WriteSchema(json, tool, "outputSchema", outputSchema);
            foreach (var member in entry.EnumerateObject().Where(PassesThrough))
                member.WriteTo(json);
            WriteMeta(json, entry);
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static bool PassesThrough(JsonProperty member) =>
        member.Name is not ("name" or "description" or "scope" or "params" or "inputSchema" or "outputSchema" or "version" or "deprecated" or "_meta")
        && !ToolMembers.IsNothing(member);

    private static string? Description(JsonElement entry)
    {
        var description = entry.TryGetProperty("description", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (!entry.TryGetProperty("deprecated", out var deprecated) || deprecated.ValueKind is JsonValueKind.False or JsonValueKind.Null)
            return description;
        var note = "Deprecated";
        if (Text(deprecated, "removedAt") is { } removedAt)
            note += $", to be removed on {removedAt}";
        if (Text(deprecated, "replacedBy") is { } replacedBy)
            note += $"; use {replacedBy} instead";
        if (Text(deprecated, "reason") is { } reason)
            note += $": {reason.TrimEnd('.')}";
        return description is null ? $"{note}." : $"{description} ({note}.)";
    }

    private static void WriteInputSchema(Utf8JsonWriter json, string tool, JsonElement entry)
    {
        if (ToolMembers.TryGet(entry, "inputSchema", out var schema))
        {
            ToolMembers.WriteSchema(json, tool, "inputSchema", schema);
            return;
        }

        json.WritePropertyName("inputSchema");
        SimplifiedParams.WriteSchema(json, tool, ToolMembers.TryGet(entry, "params", out var parameters) ? parameters : null);
    }

    private static void WriteMeta(Utf8JsonWriter json, JsonElement entry)
    {
        var hasMeta = entry.TryGetProperty("_meta", out var meta) && meta.ValueKind == JsonValueKind.Object;
        var hasVersion = ToolMembers.TryGet(entry, "version", out var version);
        var hasDeprecated = ToolMembers.TryGet(entry, "deprecated", out var deprecated);
        if (!hasMeta && !hasVersion && !hasDeprecated)
            return;
        json.WriteStartObject("_meta");
        if (hasMeta)
        {
            foreach (var member in meta.EnumerateObject())
                member.WriteTo(json);
        }

        if (hasVersion)
        {
            json.WritePropertyName("cortex.dev/version");
            version.WriteTo(json);
        }

        if (hasDeprecated)
        {
            json.WritePropertyName("cortex.dev/deprecated");
            deprecated.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static string? Text(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
