using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;

namespace Cortex.Catalog;

/// <summary>
/// The resource that a listed tool is shown with (<see href="https://github.com/modelcontextprotocol/ext-apps">MCP Apps</see>), under its public
/// URI: <c>_meta.ui.resourceUri</c>, or as it was once written, <c>_meta["ui/resourceUri"]</c>.
/// </summary>
internal static class ToolLinks
{
    /// <summary>Longest URI that is renamed, as raw JSON.</summary>
    private const int MaxUriBytes = 64 * 1024;

    private static readonly JsonRewriteRules Rules = new JsonRewriteRulesBuilder()
        .Map(["_meta", "ui", "resourceUri"], 0, MaxUriBytes)
        .Map(["_meta", "ui/resourceUri"], 0, MaxUriBytes)
        .Build();

    /// <summary>The tool with its URIs in their public form; null when its JSON can't be read for sure.</summary>
    public static CatalogItem? ToPublic(CatalogItem tool, ResourceUris uris)
    {
        if (!uris.Renames(tool.Backend.Id))
            return tool;
        using var output = new PooledBuffer(tool.Json.Length + 256);
        var rewriter = new JsonStreamRewriter(Rules, [MapOf(uris, tool.Backend.Id)]);
        rewriter.Write(tool.Json.Span, output);
        return rewriter.Complete().IsNone ? tool with { Json = output.WrittenSpan.ToArray() } : null;
    }

    /// <summary>Puts the public form in the place of a URI of <paramref name="backend"/> that is raw JSON.</summary>
    public static JsonScalarMap MapOf(ResourceUris uris, BackendId backend) => raw =>
        JsonText.TryGetString(raw, out var original) && uris.ToPublic(backend, original) is var publicUri && !ReferenceEquals(publicUri, original)
            ? JsonText.Quote(publicUri)
            : ReadOnlyMemory<byte>.Empty;
}
