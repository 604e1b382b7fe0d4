using System.Buffers;
using System.Text.Json;
using Cortex.Catalog;
using Cortex.Foundation.JsonRpc;

namespace Cortex.Mcp.Streams;

/// <summary>What a client of <c>subscriptions/listen</c> wants to hear: the object <c>params.notifications</c>.</summary>
/// <param name="Lists">The lists whose changes it wants to hear of.</param>
/// <param name="Uris">The resources whose updates it wants to hear of.</param>
internal sealed record ListenFilter(CatalogLists Lists, IReadOnlyList<string> Uris)
{
    /// <summary>Most resources of one subscription.</summary>
    public const int MaxUris = 500;

    private static readonly (string Name, CatalogLists List)[] Flags =
    [
        ("toolsListChanged", CatalogLists.Tools),
        ("promptsListChanged", CatalogLists.Prompts),
        ("resourcesListChanged", CatalogLists.Resources),
    ];

    /// <summary>Reads the raw object; the fault says what is wrong with it. Members that the gateway does not know are ignored.</summary>
    public static ListenFilter? TryRead(ReadOnlyMemory<byte> json, out string fault)
    {
        using var document = JsonDocument.Parse(json);
        var lists = CatalogLists.None;
        fault = "";
        foreach (var (name, list) in Flags)
        {
            if (!document.RootElement.TryGetProperty(name, out var flag))
                continue;
            if (flag.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                fault = $"params.notifications.{name} must be true or false.";
            else if (flag.GetBoolean())
                lists |= list;
        }

        List<string> uris = [];
        if (document.RootElement.TryGetProperty("resourceSubscriptions", out var subscriptions) && !TryReadUris(subscriptions, uris))
            fault = $"params.notifications.resourceSubscriptions must be an array of at most {MaxUris} URIs.";
        return fault.Length == 0 ? new ListenFilter(lists, [.. uris.Distinct()]) : null;
    }

    /// <summary>Writes the object as the acknowledgement has it: what is not granted is left out.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        foreach (var (name, list) in Flags)
        {
            if (Lists.HasFlag(list))
                json.WriteBoolean(name, true);
        }

        if (Uris.Count > 0)
        {
            json.WriteStartArray("resourceSubscriptions");
            foreach (var uri in Uris)
                json.WriteStringValue(uri);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static bool TryReadUris(JsonElement subscriptions, List<string> uris)
    {
        if (subscriptions.ValueKind != JsonValueKind.Array || subscriptions.GetArrayLength() > MaxUris)
            return false;
        foreach (var uri in subscriptions.EnumerateArray())
        {
            if (uri.ValueKind != JsonValueKind.String || !JsonText.TryGetString(JsonBytes(uri), out var text) || text.Length == 0)
                return false;
            uris.Add(text);
        }

        return true;
    }

    private static byte[] JsonBytes(JsonElement element) => System.Text.Encoding.UTF8.GetBytes(element.GetRawText());
}
