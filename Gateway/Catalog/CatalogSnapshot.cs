using System.Collections.Concurrent;
using System.Collections.Frozen;
using Cortex.Backends;
using Cortex.Catalog.Names;
using Cortex.Catalog.Toolsets;
using Cortex.Foundation.Model;

namespace Cortex.Catalog;

/// <summary>
/// The merged catalog at one moment, of all or of one person; immutable. Lists are answered from it without I/O. A person's stands on the one that all
/// share, which it refers to and never copies.
/// </summary>
internal sealed class CatalogSnapshot
{
    private const int MaxCachedViews = 2048;

    /// <summary>Of a part that requests choose: so many choices are possible that views of each would be too many.</summary>
    private const int MaxCachedViewsOfChoice = 4;

    /// <summary>Beyond so many kept parts, one that a request chooses is made anew each time; one of a toolset alone is always kept.</summary>
    private const int MaxCachedParts = 64;

    private readonly FrozenDictionary<(CatalogKind Kind, string Name), CatalogItem> _byName;
    private readonly ConcurrentDictionary<ScopeSet, CatalogView> _views = new();
    private readonly FrozenDictionary<BackendId, BackendSpeech> _speech;
    private readonly CatalogSnapshot? _shared;
    private readonly IReadOnlyList<CatalogItem> _own;
    private readonly IReadOnlyList<CatalogItem> _links;
    private readonly CatalogSelection _selection = CatalogSelection.Whole;
    private readonly FrozenSet<BackendId> _withTools = [];
    private ConcurrentDictionary<CatalogSelection, CatalogSnapshot>? _parts;

    /// <summary>Makes a snapshot of uniquely named items.</summary>
    public CatalogSnapshot(IEnumerable<CatalogItem> items, ResourceUris resourceUris, IReadOnlyDictionary<BackendId, BackendSpeech> speech)
        : this(null, items, resourceUris, speech, [])
    {
    }

    /// <summary>Makes a person's snapshot.</summary>
    /// <param name="shared">What all share; null when this is it.</param>
    /// <param name="own">Items that only this person has, under names that nothing shared has.</param>
    /// <param name="resourceUris">Which resource URI belongs to which backend, for this person.</param>
    /// <param name="speech">How the backends with items of their own speak.</param>
    /// <param name="links">The tools by which this person links accounts.</param>
    public CatalogSnapshot(
        CatalogSnapshot? shared,
        IEnumerable<CatalogItem> own,
        ResourceUris resourceUris,
        IReadOnlyDictionary<BackendId, BackendSpeech> speech,
        IReadOnlyList<CatalogItem> links)
    {
        _shared = shared;
        _links = links;
        _own = [.. own.Concat(links.Where(link => link.Linking is AccountLinking.Offered)).OrderBy(item => item.PublicName, StringComparer.Ordinal)];
        _byName = _own.ToFrozenDictionary(item => (item.Kind, item.PublicName));
        _speech = speech.ToFrozenDictionary();
        ResourceUris = resourceUris;
    }

    private CatalogSnapshot(CatalogSnapshot whole, CatalogSelection selection)
    {
        (Whole, _selection, _links, _speech) = (whole, selection, whole._links, whole._speech);
        (ResourceUris, Names, Instructions) = (whole.ResourceUris, whole.Names, whole.Instructions);
        _shared = whole._shared?.Narrow(selection);
        _withTools = whole._own.Where(item => item.Kind == CatalogKind.Tool && selection.Holds(item, item.PublicName)).Select(item => item.Backend.Id).ToFrozenSet();
        _own = [.. whole._own.Where(item => IsIn(item, item.PublicName))];
        _byName = _own.ToFrozenDictionary(item => (item.Kind, item.PublicName));
    }

    /// <summary>The catalog before any backend was read.</summary>
    public static CatalogSnapshot Empty { get; } = new([], new ResourceUris([]), new Dictionary<BackendId, BackendSpeech>());

    /// <summary>Every item, ordered by public name.</summary>
    public IReadOnlyList<CatalogItem> Items => _shared is null ? _own : CatalogView.Merge(_shared.Items, _own);

    /// <summary>Which resource URI belongs to which backend.</summary>
    public ResourceUris ResourceUris { get; }

    /// <summary>What native servers say of themselves, as far as it may be shown.</summary>
    public IReadOnlyDictionary<BackendId, string> Instructions { get => _shared?.Instructions ?? field; init; } = FrozenDictionary<BackendId, string>.Empty;

    /// <summary>What this is a part of; itself when it is no part.</summary>
    public CatalogSnapshot Whole => field ?? this;

    /// <summary>The toolset of which this is; null when it is of none.</summary>
    public Toolset? Toolset => _selection.Toolset;

    /// <summary>Under which persons' own items get their names on top of this.</summary>
    public NameChoice Names { get; init; } = NameChoice.Fresh;

    /// <summary>The item of this kind and public name, or null. What would be a tool or prompt of an account that is not linked is the tool that links it.</summary>
    public CatalogItem? Find(CatalogKind kind, string publicName) =>
        _byName.GetValueOrDefault((kind, publicName)) ?? _shared?.Find(kind, publicName) ?? FindLink(kind, publicName);

    /// <summary>The resource or template that answers for the public <paramref name="uri"/>, or null.</summary>
    public CatalogItem? FindResource(string uri) => ResourceUris.Find(uri) is { } item && IsIn(item, uri) ? item : null;

    /// <summary>What a native backend speaks; null when it was never reached or is not native.</summary>
    public BackendSpeech? SpeechOf(BackendId backend) => _speech.GetValueOrDefault(backend) ?? _shared?.SpeechOf(backend);

    /// <summary>True when something of a backend whose items are not known may be in it.</summary>
    public bool MayHold(BackendDefinition backend) => _selection.MayHold(backend);

    /// <summary>
    /// A part of it, which is a catalog of its own in all but this: the URIs of resources stay those of the whole. Made once, within <see cref="MaxCachedParts"/>.
    /// </summary>
    public CatalogSnapshot Narrow(CatalogSelection selection)
    {
        if (selection == CatalogSelection.Whole)
            return this;
        var parts = LazyInitializer.EnsureInitialized(ref _parts);
        if (parts.TryGetValue(selection, out var known))
            return known;
        var part = new CatalogSnapshot(this, selection);
        return selection.Backends is null || parts.Count < MaxCachedParts ? parts.GetOrAdd(selection, part) : part;
    }

    /// <summary>What a caller with these effective scopes sees.</summary>
    public CatalogView ViewFor(ScopeSet scopes)
    {
        if (_views.TryGetValue(scopes, out var view))
            return view;
        view = new CatalogView([.. _own.Where(item => item.IsFor(scopes))], _shared?.ViewFor(scopes));
        return _views.Count < (_selection.Backends is null ? MaxCachedViews : MaxCachedViewsOfChoice) ? _views.GetOrAdd(scopes, view) : view;
    }

    private CatalogItem? FindLink(CatalogKind kind, string publicName)
    {
        foreach (var link in _links)
        {
            if (kind is CatalogKind.Tool or CatalogKind.Prompt && AccountTool.Covers(link, publicName) && _selection.Holds(link, publicName))
                return link;
        }

        return null;
    }

    private bool IsIn(CatalogItem item, string name) =>
        _selection.Holds(item, name) && (item.Backend.IsGateway || _selection.Toolset?.FollowsTools(item.Kind) != true || HasToolsOf(item.Backend.Id));

    private bool HasToolsOf(BackendId backend) => _withTools.Contains(backend) || _shared?.HasToolsOf(backend) == true;
}
