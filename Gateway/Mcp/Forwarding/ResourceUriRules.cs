using Cortex.Catalog;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// Where messages mention resources. Outward each URI of a backend that renames some takes its public form; inward the backend gets its own back.
/// </summary>
internal static class ResourceUriRules
{
    private const string Each = JsonRewriteRulesBuilder.Each;

    /// <summary>Longest URI that is read, as raw JSON.</summary>
    private const int MaxUriBytes = 64 * 1024;

    /// <summary>Places in a result.</summary>
    private static readonly string[][] InResult =
    [
        ["contents", Each, "uri"],
        ["content", Each, "uri"],
        ["content", Each, "resource", "uri"],
        ["messages", Each, "content", "uri"],
        ["messages", Each, "content", "resource", "uri"],
        ["messages", Each, "content", Each, "uri"],
        ["messages", Each, "content", Each, "resource", "uri"],
        ["_meta", "ui", "resourceUri"],
        ["_meta", "ui/resourceUri"],
    ];

    private static readonly JsonRewriteRules Result = Build(InResult);

    private static readonly JsonRewriteRules ErrorData = Build([["uri"]]);

    /// <summary>Adds the places in a server's messages: its results, what it says of an unknown resource, and its notice that one has changed.</summary>
    /// <param name="rules">The rules for its messages.</param>
    /// <param name="map">Position of the one of <see cref="MapsOf"/>.</param>
    public static void AddTo(JsonRewriteRulesBuilder rules, int map)
    {
        foreach (var place in InResult)
            rules.Map(["result", .. place], map, MaxUriBytes);
        rules.Map(["params", "uri"], map, MaxUriBytes).Map(["error", "data", "uri"], map, MaxUriBytes);
    }

    /// <summary>The maps for a backend's messages; none when it renames nothing.</summary>
    public static IReadOnlyList<JsonScalarMap> MapsOf(ResourceUris uris, BackendId backend) =>
        uris.Renames(backend) ? [ToolLinks.MapOf(uris, backend)] : [];

    /// <summary>Gives a result object of a backend public URIs; false when it can't be read for sure.</summary>
    public static bool TryToPublicResult(ReadOnlyMemory<byte> json, ResourceUris uris, BackendId backend, out ReadOnlyMemory<byte> result) =>
        TryToPublic(json, Result, uris, backend, out result);

    /// <summary>The <c>data</c> of a backend's error with public URIs; empty when it can't be read for sure.</summary>
    public static ReadOnlyMemory<byte> ToPublicErrorData(ReadOnlyMemory<byte> json, ResourceUris uris, BackendId backend) =>
        !json.IsEmpty && TryToPublic(json, ErrorData, uris, backend, out var data) ? data : default;

    /// <summary>Puts the backend's own URI in the place of a public one that the client wrote.</summary>
    public static void Restore(ref JsonSplice splice, McpMessage message, CatalogItem item)
    {
        if (message.TryGet(McpMembers.Uri, out var uri) && FindRenamed(message, McpMembers.Uri, item) is { } original)
            splice.Replace(uri.Value, JsonText.Quote(original));
        if (message.TryGet(McpMembers.RefUri, out var reference) && FindRenamed(message, McpMembers.RefUri, item) is { } completed)
            splice.Replace(reference.Value, JsonText.Quote(completed));
    }

    /// <summary>The URI in <c>params</c> as the backend knows it; null when there is none.</summary>
    public static string? OriginalUri(McpMessage message, CatalogItem item) =>
        FindRenamed(message, McpMembers.Uri, item) ?? message.Text(McpMembers.Uri);

    /// <summary>The backend's own URI where the client wrote a public one; null where they are the same.</summary>
    private static string? FindRenamed(McpMessage message, int member, CatalogItem item) =>
        item.Kind is CatalogKind.Resource or CatalogKind.Template
        && message.Text(member) is { } written
        && PublicUri.OriginalFor(item.Backend.Id, written) is var original
        && !ReferenceEquals(original, written)
            ? original
            : null;

    private static bool TryToPublic(ReadOnlyMemory<byte> json, JsonRewriteRules rules, ResourceUris uris, BackendId backend, out ReadOnlyMemory<byte> result)
    {
        result = json;
        if (!uris.Renames(backend))
            return true;
        using var output = new PooledBuffer(json.Length + 256);
        var rewriter = new JsonStreamRewriter(rules, MapsOf(uris, backend));
        rewriter.Write(json.Span, output);
        result = output.WrittenSpan.ToArray();
        return rewriter.Complete().IsNone;
    }

    private static JsonRewriteRules Build(string[][] places)
    {
        var rules = new JsonRewriteRulesBuilder();
        foreach (var place in places)
            rules.Map(place, 0, MaxUriBytes);
        return rules.Build();
    }
}
