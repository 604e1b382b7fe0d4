using System.Runtime.CompilerServices;
using Cortex.Catalog.Toolsets;
using Microsoft.Extensions.Options;

namespace Cortex.Catalog.Search;

/// <summary>
/// What <c>tools/list</c> shows of a view: all of it, or, to be searched, the gateway's own tools and the pinned ones whole and of the others
/// <see cref="CompactTools"/>. Made once for a view. Thread-safe.
/// </summary>
internal sealed class ToolListing(IOptionsMonitor<SearchOptions> options)
{
    private const int BytesPerToken = 4;

    private readonly ConditionalWeakTable<CatalogView, Shown> _shown = [];

    /// <summary>The view to list.</summary>
    /// <param name="view">What the caller sees.</param>
    /// <param name="asked">The mode that the request asks for; null: the toolset decides, or else the configuration.</param>
    /// <param name="toolset">The toolset of which the view is; null: of none.</param>
    public CatalogView For(CatalogView view, ToolMode? asked, Toolset? toolset = null)
    {
        var current = options.CurrentValue;
        if (!IsSearched(view, asked ?? toolset?.Mode, current))
            return view;
        if (_shown.TryGetValue(view, out var shown) && ReferenceEquals(shown.Options, current))
            return shown.View;
        shown = new Shown(current, Shorten(view, [.. current.Pinned, .. toolset?.Pinned ?? []]));
        _shown.AddOrUpdate(view, shown);
        return shown.View;
    }

    /// <summary>Tokens that a text of this many bytes takes, estimated.</summary>
    public static int EstimateTokens(int bytes) => bytes / BytesPerToken;

    /// <summary>Where the tools that searching takes are not offered, nothing is cut down: it could not be found again.</summary>
    private static bool IsSearched(CatalogView view, ToolMode? asked, SearchOptions options) => view.IsSearchable && (asked is { } mode
        ? mode == ToolMode.Search
        : view.Of(CatalogKind.Tool).Count > options.AboveTools || (options.AboveTokens is { } most && EstimateTokens(view.MemberOf(CatalogKind.Tool).Length) > most));

    private static CatalogView Shorten(CatalogView view, IReadOnlyList<string> pinned)
    {
        var tools = view.Of(CatalogKind.Tool);
        var whole = tools.Where(tool => tool.Backend.IsGateway || tool.Mirrored is not null || IsPinned(tool, pinned)).ToHashSet();
        var compact = CompactTools.Of([.. tools.Where(tool => !whole.Contains(tool))], view.MemberOf(CatalogKind.Tool).Length);
        return new CatalogView([.. view.SearchTools.Concat(whole).Concat(compact).OrderBy(tool => tool.PublicName, StringComparer.Ordinal)], isSearched: true);
    }

    private static bool IsPinned(CatalogItem tool, IReadOnlyList<string> pinned) => pinned.Any(pattern => ToolScopes.Matches(pattern, tool.PublicName));

    private sealed record Shown(SearchOptions Options, CatalogView View);
}
