using System.Text.Json;
using Cortex.Foundation.Model;

namespace Cortex.Backends.Contract;

/// <summary>One prompt or resource template of a contract backend: an MCP object, but for the member <c>scope</c>.</summary>
/// <param name="Name">The backend's own name or URI template.</param>
/// <param name="Scope">The scope a caller needs; null when the entry names none.</param>
/// <param name="McpJson">The MCP object.</param>
internal sealed record ContractEntry(string Name, Scope? Scope, byte[] McpJson)
{
    /// <summary>Reads one entry, named by its member <paramref name="key"/>.</summary>
    /// <exception cref="FormatException">The entry breaks the contract; the message says how.</exception>
    public static ContractEntry Read(JsonElement entry, string key)
    {
        if (entry.ValueKind != JsonValueKind.Object)
            throw new FormatException("An entry of a list is not a JSON object.");
        if (!entry.TryGetProperty(key, out var value) || value.ValueKind != JsonValueKind.String || value.GetString() is not { Length: > 0 } name)
            throw new FormatException($"An entry of a list has no {key}.");
        return new ContractEntry(name, ReadScope(entry, name), Write(entry));
    }

    private static Scope? ReadScope(JsonElement entry, string name)
    {
        if (!entry.TryGetProperty("scope", out var value))
            return null;
        if (value.ValueKind != JsonValueKind.String || !Foundation.Model.Scope.TryParse(value.GetString(), out var scope) || scope.IsReserved)
            throw new FormatException($"'{name}' has no usable scope; write \"scope\": \"mcp:<domain>:<action>\".");
        return scope;
    }

    private static byte[] Write(JsonElement entry)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var member in entry.EnumerateObject().Where(member => member.Name != "scope"))
                member.WriteTo(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
