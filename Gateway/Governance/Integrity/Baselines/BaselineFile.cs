using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cortex.Governance.Integrity.Baselines;

/// <summary>
/// Baselines on their way to an operator's key and back: <c>{"format":"cortex-integrity/1","baselines":[{"document":{...},"signature":"header..signature"}]}</c>,
/// written for people to read. A signature is made over the canonical form of its document, so the layout does not matter; before it is signed there is none.
/// </summary>
internal sealed record BaselineFile(IReadOnlyList<BaselineFile.Entry> Baselines)
{
    private const string Format = "cortex-integrity/1";

    /// <summary>Characters that nobody sees are written as escapes, so that whoever reviews the file sees them.</summary>
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, Encoder = JavaScriptEncoder.Default };

    /// <summary>Reads a file; null, with the reason, when it is none.</summary>
    public static BaselineFile? Read(string json, out string problem)
    {
        problem = "it is no file of 'cortex integrity export'";
        JsonElement root;
        try
        {
            root = JsonElement.Parse(json);
        }
        catch (JsonException exception)
        {
            problem = $"it is no JSON: {exception.Message}";
            return null;
        }

        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out var format) || format.ValueKind != JsonValueKind.String || !format.ValueEquals(Format)
            || !root.TryGetProperty("baselines", out var baselines) || baselines.ValueKind != JsonValueKind.Array)
            return null;
        var entries = new List<Entry>();
        foreach (var baseline in baselines.EnumerateArray())
        {
            if (ReadEntry(baseline, out var fault) is not { } entry)
            {
                problem = $"its baseline {entries.Count + 1} can't be read: {fault}";
                return null;
            }

            entries.Add(entry);
        }

        return new BaselineFile(entries);
    }

    public string Write() => new JsonObject
    {
        ["format"] = Format,
        ["baselines"] = new JsonArray([.. Baselines.Select(WriteEntry)]),
    }.ToJsonString(Layout) + "\n";

    /// <summary>The same, signed.</summary>
    public BaselineFile Sign(ECDsa key) => new([.. Baselines.Select(entry => entry with { Signature = DetachedSignature.Sign(entry.Document.Json, key) })]);

    /// <summary>What is wrong with the signatures; none when all hold.</summary>
    public IReadOnlyList<string> FindFaults(IReadOnlyList<ECDsa> keys) =>
    [
        .. Baselines
            .Select(entry => (entry.Document.Backend, Fault: entry.Signature is null ? "it is not signed" : DetachedSignature.FindFault(entry.Signature, entry.Document.Json, keys)))
            .Where(found => found.Fault is not null)
            .Select(found => $"The baseline of '{found.Backend}': {found.Fault}."),
    ];

    private static Entry? ReadEntry(JsonElement json, out string fault)
    {
        fault = "there is no document";
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("document", out var document) || BaselineDocument.Read(document, out fault) is not { } read)
            return null;
        return new Entry(read, json.TryGetProperty("signature", out var signature) && signature.ValueKind == JsonValueKind.String ? signature.GetString() : null);
    }

    private static JsonObject WriteEntry(Entry entry)
    {
        var written = new JsonObject { ["document"] = JsonNode.Parse(entry.Document.Json) };
        if (entry.Signature is not null)
            written["signature"] = entry.Signature;
        return written;
    }

    /// <summary>One baseline.</summary>
    /// <param name="Document">What it says.</param>
    /// <param name="Signature">An operator's; null before it is signed.</param>
    internal sealed record Entry(BaselineDocument Document, string? Signature);
}
