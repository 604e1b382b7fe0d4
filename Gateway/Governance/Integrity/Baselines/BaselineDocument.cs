using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cortex.Foundation.Model;
using Cortex.Governance.Integrity.Canonical;
using Cortex.Governance.Integrity.Definitions;

namespace Cortex.Governance.Integrity.Baselines;

/// <summary>
/// The approved definitions of one backend at one moment, as they are signed: canonical JSON
/// <c>{"backend":"notes","entries":[{"definition":{...},"fingerprint":"sha256:...","kind":"tool","name":"read","scope":"mcp:notes:read"}],"format":"cortex-baseline/1","revision":3}</c>.
/// Entries are in order, so that the same approvals are the same bytes. Immutable.
/// </summary>
internal sealed class BaselineDocument
{
    /// <summary>Numbers beyond it are not exact in JSON.</summary>
    public const long MaxRevision = 1L << 53;

    private const string Format = "cortex-baseline/1";

    private readonly FrozenDictionary<DefinitionKey, Definition> _entries;

    /// <param name="backend">Whose definitions.</param>
    /// <param name="revision">Grows with each change.</param>
    /// <param name="entries">What is approved: at most one a key.</param>
    public BaselineDocument(BackendId backend, long revision, IEnumerable<Definition> entries)
    {
        Backend = backend;
        Revision = revision;
        _entries = entries.ToFrozenDictionary(entry => entry.Key);
        Json = Write();
    }

    public BackendId Backend { get; }

    public long Revision { get; }

    /// <summary>The canonical form: what the signature is made over.</summary>
    public string Json { get; }

    public IEnumerable<Definition> Entries => _entries.Values;

    public int Count => _entries.Count;

    public Definition? Find(DefinitionKey key) => _entries.GetValueOrDefault(key);

    /// <summary>Reads a document in whatever form its JSON is; null, with the reason, when it is none.</summary>
    public static BaselineDocument? Read(JsonElement json, out string problem)
    {
        problem = "it is no baseline of this format";
        if (json.ValueKind != JsonValueKind.Object
            || Text(json, "format") != Format
            || !BackendId.TryParse(Text(json, "backend"), out var backend)
            || !json.TryGetProperty("revision", out var number) || number.ValueKind != JsonValueKind.Number || !number.TryGetInt64(out var revision) || revision is < 1 or > MaxRevision
            || !json.TryGetProperty("entries", out var entries) || entries.ValueKind != JsonValueKind.Array)
            return null;
        var read = new Dictionary<DefinitionKey, Definition>();
        foreach (var entry in entries.EnumerateArray())
        {
            if (ReadEntry(entry) is not { } definition)
            {
                problem = $"entry {read.Count + 1} is no definition with its own fingerprint";
                return null;
            }

            if (!read.TryAdd(definition.Key, definition))
            {
                problem = $"{definition.Key} occurs twice";
                return null;
            }
        }

        return new BaselineDocument(backend, revision, read.Values);
    }

    private static Definition? ReadEntry(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object || !DefinitionKindWords.TryParse(Text(entry, "kind"), out var kind) || Text(entry, "name") is not { } name
            || !entry.TryGetProperty("definition", out var content) || !entry.TryGetProperty("scope", out var scope))
            return null;
        var whole = new JsonObject { ["definition"] = JsonNode.Parse(content.GetRawText()), ["kind"] = kind.Value.Word(), ["scope"] = JsonNode.Parse(scope.GetRawText()) };
        return CanonicalJson.TryWrite(Encoding.UTF8.GetBytes(whole.ToJsonString()), out var canonical, out _)
            && Definition.Find(kind.Value, Encoding.UTF8.GetString(canonical)) is { } definition
            && definition.Key.Name == name
            && Text(entry, "fingerprint") == definition.Fingerprint.Value
                ? definition
                : null;
    }

    private string Write()
    {
        var entries = new JsonArray([.. _entries.Values
            .OrderBy(entry => entry.Key.Kind.Word(), StringComparer.Ordinal)
            .ThenBy(entry => entry.Key.Name, StringComparer.Ordinal)
            .Select(WriteEntry)]);
        var whole = new JsonObject { ["backend"] = Backend.Value, ["entries"] = entries, ["format"] = Format, ["revision"] = Revision };
        return CanonicalJson.TryWrite(Encoding.UTF8.GetBytes(whole.ToJsonString()), out var canonical, out var problem)
            ? Encoding.UTF8.GetString(canonical)
            : throw new InvalidOperationException($"A baseline has no canonical form: {problem}.");
    }

    private static JsonObject WriteEntry(Definition definition)
    {
        var entry = JsonNode.Parse(definition.Json)!.AsObject();
        entry["fingerprint"] = definition.Fingerprint.Value;
        entry["name"] = definition.Key.Name;
        return entry;
    }

    private static string? Text(JsonElement json, string member)
    {
        if (!json.TryGetProperty(member, out var value) || value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            return null;
        }
    }
}
