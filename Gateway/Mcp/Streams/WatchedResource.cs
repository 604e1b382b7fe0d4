using Cortex.Catalog;

namespace Cortex.Mcp.Streams;

/// <summary>
/// A resource that a client watches, by both of its names. Sub-resources are told of as well: those whose URI goes on where the watched one ends.
/// </summary>
/// <param name="Public">The URI as the client knows it.</param>
/// <param name="Original">The URI as its server knows it.</param>
internal sealed record WatchedResource(string Public, string Original)
{
    /// <summary>The one place where a public URI becomes its server's own.</summary>
    public static WatchedResource Of(CatalogItem item, string publicUri) => new(publicUri, PublicUri.OriginalFor(item.Backend.Id, publicUri));

    /// <summary>The public URI of what the server says was updated; null when it is another resource.</summary>
    public string? PublicUriOf(string original)
    {
        if (!original.StartsWith(Original, StringComparison.Ordinal))
            return null;
        var rest = original.AsSpan(Original.Length);
        return rest.IsEmpty || rest[0] is '/' or '?' or '#' || Original.EndsWith('/') ? string.Concat(Public, rest) : null;
    }
}
