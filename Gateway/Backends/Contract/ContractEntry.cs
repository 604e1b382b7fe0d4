using System.Text.Json;
using Cortex.Foundation.Model;

namespace Cortex.Backends.Contract;

/// <summary>One prompt or resource template of a contract backend: an MCP object, but for the member <c>scope</c>.</summary>
/// <param name="Name">The backend's own name or URI template.</param>
/// <param name="Scope">The scope a caller needs; null when the entry names none.</param>
/// <param name="McpJson">The MCP object.</param>
internal sealed record ContractEntry(string Name, Scope? Scope, byte[] McpJson)
{
    /// <summary>Members whose type clients check, so that a null must not reach them.</summary>
    private static readonly string[] Typed = ["name", "title", "description", "arguments", "mimeType", "icons", "annotations"];

    /// <summary>Reads one entry, named by its member <paramref name="key"/>.</summary>
    /// <exception cref="FormatException">The entry breaks the contract; the message says how.</exception>
    public static ContractEntry Read(JsonElement entry, string key)
    {
        if (entry.ValueKind != JsonValueKind.Object)
            throw new FormatException("An entry of a list is not a JSON object.");
        if (!entry.TryGetProperty(key, out var value) || value.ValueKind != JsonValueKind.String || value.GetString() is not { Length: > 0 } name)
            throw new FormatException($"An entry of a list has no {key}.");
        CheckArguments(entry, name);
        return new ContractEntry(name, ReadScope(entry, name), Write(entry, name));
    }

    private static Scope? ReadScope(JsonElement entry, string name)
    {
        if (!ToolMembers.TryGet(entry, "scope", out var value))
            return null;
        if (value.ValueKind != JsonValueKind.String || !Foundation.Model.Scope.TryParse(value.GetString(), out var scope) || scope.IsReserved)
            throw new FormatException($"'{name}' has no usable scope; write \"scope\": \"mcp:<domain>:<action>\".");
        return scope;
    }

    /// <summary>Clients refuse a whole list of prompts for one argument without a name.</summary>
    private static void CheckArguments(JsonElement entry, string name)
    {
        if (!ToolMembers.TryGet(entry, "arguments", out var arguments))
            return;
        if (arguments.ValueKind != JsonValueKind.Array || arguments.EnumerateArray().Any(argument => !HasName(argument)))
            throw new FormatException($"'{name}': arguments is not an array of objects with a name; write [{{\"name\": \"topic\", \"required\": true}}].");
    }

    /// <summary>The MCP object. A template without a name is named by its URI; a null is as good as nothing, since serializers write it.</summary>
    private static byte[] Write(JsonElement entry, string name)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (!HasName(entry))
                json.WriteString("name"u8, name);
            foreach (var member in entry.EnumerateObject().Where(member => member.Name != "scope" && !IsNothing(member)))
            {
                if (member.Name != "name" || HasName(entry))
                    member.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static bool IsNothing(JsonProperty member) => member.Value.ValueKind == JsonValueKind.Null && Typed.Contains(member.Name);

    private static bool HasName(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String;
}
