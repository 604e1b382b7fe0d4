using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;
using Cortex.Governance.Integrity.Canonical;

namespace Cortex.Governance.Integrity.Definitions;

/// <summary>
/// All that a model reads or a client trusts about one item: its whole MCP object, members the gateway does not know included, since a client may know
/// them, and the scope it asks for. In canonical form <c>{"definition":{...},"kind":"tool","scope":"mcp:notes:read"}</c>. Immutable.
/// </summary>
internal sealed record Definition
{
    private const string Silence = """{"definition":{"instructions":null},"kind":"instructions","scope":null}""";

    private Definition(DefinitionKey key, Scope? scope, string json, Fingerprint fingerprint, string? problem) =>
        (Key, Scope, Json, Fingerprint, Problem) = (key, scope, json, fingerprint, problem);

    public DefinitionKey Key { get; }

    public Scope? Scope { get; }

    /// <summary>The canonical form; empty when there is none.</summary>
    public string Json { get; }

    public Fingerprint Fingerprint { get; }

    /// <summary>Why it has no canonical form, and so can't be approved; null when it has one.</summary>
    public string? Problem { get; }

    /// <summary>A server that says nothing about itself.</summary>
    public bool IsSilence => Json == Silence;

    /// <summary>Reads an MCP object as its backend wrote it.</summary>
    public static Definition Read(DefinitionKind kind, string name, Scope? scope, ReadOnlyMemory<byte> json)
    {
        var key = new DefinitionKey(kind, name);
        if (!CanonicalJson.TryWrite(json, out var canonical, out var problem))
            return new Definition(key, scope, "", Fingerprint.Of(json.Span), problem);
        var content = JsonNode.Parse(canonical);
        if (kind == DefinitionKind.Tool && content is JsonObject tool)
        {
            SchemaSets.Order(tool["inputSchema"]);
            SchemaSets.Order(tool["outputSchema"]);
        }

        return NameIn(kind, content) == name
            ? Write(key, scope, content)
            : new Definition(key, scope, "", Fingerprint.Of(json.Span), "it names itself differently from how it is listed");
    }

    /// <summary>The instructions of a server; null when it gives none.</summary>
    public static Definition OfInstructions(string? instructions) =>
        Write(new DefinitionKey(DefinitionKind.Instructions, ""), null, new JsonObject { ["instructions"] = instructions });

    /// <summary>Reads a canonical form back; null when it is none, or of another kind.</summary>
    public static Definition? Find(DefinitionKind wanted, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var scope = default(Scope);
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("kind", out var kind) || kind.ValueKind != JsonValueKind.String || kind.GetString() != wanted.Word()
                || !root.TryGetProperty("definition", out var content) || content.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("scope", out var needed)
                || (needed.ValueKind != JsonValueKind.Null && (needed.ValueKind != JsonValueKind.String || !Foundation.Model.Scope.TryParse(needed.GetString(), out scope))))
                return null;
            var node = JsonNode.Parse(content.GetRawText());
            if (NameIn(wanted, node) is not { } name)
                return null;
            var found = Write(new DefinitionKey(wanted, name), needed.ValueKind == JsonValueKind.Null ? null : scope, node);
            return found.Problem is null && found.Json == json ? found : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The name that the MCP object of this kind gives itself.</summary>
    private static string? NameIn(DefinitionKind kind, JsonNode? content)
    {
        if (kind == DefinitionKind.Instructions)
            return "";
        return content is JsonObject item && item[kind == DefinitionKind.Template ? "uriTemplate" : "name"] is JsonValue value && value.TryGetValue<string>(out var name) ? name : null;
    }

    private static Definition Write(DefinitionKey key, Scope? scope, JsonNode? content)
    {
        var whole = new JsonObject { ["definition"] = content, ["kind"] = key.Kind.Word(), ["scope"] = scope?.Value };
        return CanonicalJson.TryWrite(Encoding.UTF8.GetBytes(whole.ToJsonString()), out var canonical, out var problem)
            ? new Definition(key, scope, Encoding.UTF8.GetString(canonical), Fingerprint.Of(canonical), null)
            : new Definition(key, scope, "", Fingerprint.Of(JsonText.Quote(key.Name)), problem);
    }
}
