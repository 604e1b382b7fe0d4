using System.Buffers;
using System.Collections.Frozen;
using Cortex.Foundation.Model;

namespace Cortex.Catalog;

/// <summary>The part of a catalog snapshot that one set of scopes may see, with its lists already serialised; immutable.</summary>
internal sealed class CatalogView
{
    private static readonly FrozenDictionary<CatalogKind, byte[]> Starts = new Dictionary<CatalogKind, byte[]>
    {
        [CatalogKind.Tool] = "\"tools\":["u8.ToArray(),
        [CatalogKind.Prompt] = "\"prompts\":["u8.ToArray(),
        [CatalogKind.Resource] = "\"resources\":["u8.ToArray(),
        [CatalogKind.Template] = "\"resourceTemplates\":["u8.ToArray(),
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<CatalogKind, (IReadOnlyList<CatalogItem> Items, Lazy<ReadOnlyMemory<byte>> Member)> _lists;
    private readonly Lazy<ListDigests> _digests;
    private readonly CatalogView? _shared;

    /// <summary>Makes the view of items that are in order.</summary>
    /// <param name="items">The items; a person's own, where there is a shared view.</param>
    /// <param name="shared">The view that all with these scopes share, which is not copied; null when this is it.</param>
    /// <param name="isSearched">True to list the tools that searching takes.</param>
    public CatalogView(IReadOnlyList<CatalogItem> items, CatalogView? shared = null, bool isSearched = false)
    {
        _shared = shared;
        SearchTools = shared?.SearchTools ?? [.. items.Where(item => item.IsOfSearch)];
        if (!isSearched)
            items = [.. items.Where(item => !item.IsOfSearch)];
        _lists = Starts.Keys.ToFrozenDictionary(kind => kind, kind =>
        {
            CatalogItem[] some = [.. items.Where(item => item.Kind == kind)];
            return ((IReadOnlyList<CatalogItem>)some, new Lazy<ReadOnlyMemory<byte>>(() => Write(kind, some)));
        });
        _digests = new Lazy<ListDigests>(() =>
        {
            var own = ListDigests.Of(kind => kind == CatalogKind.Tool && shared is null ? [.. _lists[kind].Items, .. SearchTools] : _lists[kind].Items);
            return shared is null ? own : own.On(shared.Digests);
        });
    }

    /// <summary>What tells this view's lists from others; computed when first asked for.</summary>
    public ListDigests Digests => _digests.Value;

    /// <summary>The tools that searching takes; empty where they are not offered.</summary>
    public IReadOnlyList<CatalogItem> SearchTools { get; }

    /// <summary>True when its tools can be searched, and what was found be called.</summary>
    public bool IsSearchable => SearchTools.Count == BuiltinNames.OfSearch.Count;

    /// <summary>The visible items of a kind, ordered by public name.</summary>
    public IReadOnlyList<CatalogItem> Of(CatalogKind kind) => _shared is null ? _lists[kind].Items : Merge(_shared.Of(kind), _lists[kind].Items);

    /// <summary>Those of <paramref name="lists"/> in which the backend has at least one item.</summary>
    public CatalogLists ListsWith(BackendId backend, CatalogLists lists) =>
        lists & ((Has(backend, CatalogKind.Tool) ? CatalogLists.Tools : CatalogLists.None)
            | (Has(backend, CatalogKind.Prompt) ? CatalogLists.Prompts : CatalogLists.None)
            | (Has(backend, CatalogKind.Resource) || Has(backend, CatalogKind.Template) ? CatalogLists.Resources : CatalogLists.None));

    /// <summary>The member of the whole list, UTF-8: <c>"tools":[...]</c>. Kept where all share it, put together anew where some of it is one person's.</summary>
    public ReadOnlyMemory<byte> MemberOf(CatalogKind kind)
    {
        if (_shared is null)
            return _lists[kind].Member.Value;
        return _lists[kind].Items.Count == 0 ? _shared.MemberOf(kind) : Write(kind, Of(kind));
    }

    /// <summary>Two lists in order as one in order; the same instance where one is empty.</summary>
    public static IReadOnlyList<CatalogItem> Merge(IReadOnlyList<CatalogItem> one, IReadOnlyList<CatalogItem> other)
    {
        if (other.Count == 0)
            return one;
        if (one.Count == 0)
            return other;
        var merged = new CatalogItem[one.Count + other.Count];
        var (i, j) = (0, 0);
        for (var at = 0; at < merged.Length; at++)
            merged[at] = j == other.Count || (i < one.Count && string.CompareOrdinal(one[i].PublicName, other[j].PublicName) <= 0) ? one[i++] : other[j++];
        return merged;
    }

    /// <summary>Writes the member of a part of a list.</summary>
    public static ReadOnlyMemory<byte> Write(CatalogKind kind, IEnumerable<CatalogItem> page)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        output.Write(Starts[kind]);
        var first = true;
        foreach (var item in page)
        {
            if (!first)
                output.Write(","u8);
            output.Write(item.Json.Span);
            first = false;
        }

        output.Write("]"u8);
        return output.WrittenMemory;
    }

    private bool Has(BackendId backend, CatalogKind kind) =>
        _lists[kind].Items.Any(item => item.Backend.Id == backend)
        || (kind == CatalogKind.Tool && SearchTools.Any(item => item.Backend.Id == backend))
        || _shared?.Has(backend, kind) == true;
}
