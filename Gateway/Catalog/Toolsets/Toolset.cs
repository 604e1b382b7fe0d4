using System.Collections.Frozen;
using Cortex.Backends;
using Cortex.Catalog.Search;
using Cortex.Foundation.Model;

namespace Cortex.Catalog.Toolsets;

/// <summary>A named part of the catalog as it is configured now; immutable. A view, never a permission: who asks elsewhere sees the rest.</summary>
internal sealed class Toolset(ToolsetId id, ToolsetOptions options)
{
    private readonly FrozenSet<BackendId>? _backends = options.Backends.Count == 0 ? null : options.Backends.Select(BackendId.Parse).ToFrozenSet();
    private readonly Patterns _tools = new(options.Tools);
    private readonly Patterns _prompts = new(options.Prompts);
    private readonly Patterns _resources = new(options.Resources);

    public ToolsetId Id => id;

    /// <summary>Its name for people.</summary>
    public string Title => options.Title ?? id.Value;

    /// <summary>What it is for; null when that was not said.</summary>
    public string? Description => options.Description;

    /// <summary>What agents are told first; null for nothing of its own.</summary>
    public string? Instructions => options.Instructions;

    /// <summary>How its tools are listed; null: as for everybody.</summary>
    public ToolMode? Mode => options.ToolMode;

    /// <summary>Tools of its own that are always listed whole.</summary>
    public IReadOnlyList<string> Pinned => options.Pinned;

    /// <summary>True when the gateway's own tools and resources are in it.</summary>
    public bool HasBuiltins => options.Builtins;

    /// <summary>The backends that it names.</summary>
    public IEnumerable<BackendId> Backends => _backends ?? [];

    /// <summary>True when the backends of these items are in it only where a tool of theirs is: those that it names no other way.</summary>
    public bool FollowsTools(CatalogKind kind) => kind != CatalogKind.Tool && _backends is null && _tools.AreNamed && !PatternsOf(kind).AreNamed;

    /// <summary>True when its tools are listed in the way of another.</summary>
    public bool ListsAs(Toolset other) => Mode == other.Mode && Pinned.SequenceEqual(other.Pinned, StringComparer.Ordinal);

    /// <summary>True when an item is in it, by all that can be told from the item alone.</summary>
    /// <param name="item">The item; one of a backend.</param>
    /// <param name="name">The name under which it is asked for: its own, a URI that it answers for, or one of a tool that is not known before an account is linked.</param>
    public bool Holds(CatalogItem item, string name)
    {
        if (item.Linking is not AccountLinking.None)
            return name == item.PublicName ? MayHold(item.Backend) : HasBackend(item.Backend.Id) && (_tools.Match(name) || (_prompts.AreNamed && _prompts.Match(name)));
        if (!HasBackend(item.Backend.Id) || (item.Scope is { } scope && !HasScope(scope)))
            return false;
        return item.Kind == CatalogKind.Template ? _resources.Match(name, item.PublicName) : PatternsOf(item.Kind).Match(name);
    }

    /// <summary>True when something of a backend whose items are not known may be in it.</summary>
    public bool MayHold(BackendDefinition backend) => HasBackend(backend.Id)
        && (backend.Kind == BackendKind.Contract || ToolScopes.All(backend).Any(HasScope))
        && (!HasPrefix(backend) || _tools.MayBeginWith(backend.Prefix + "_"));

    /// <summary>Those of the scopes by which it chooses.</summary>
    public ScopeSet Choose(ScopeSet scopes) => ScopeSet.Of(scopes.Where(HasScope));

    private bool HasBackend(BackendId backend) => _backends?.Contains(backend) != false;

    private bool HasScope(Scope scope) => options.Scopes.Count == 0 || options.Scopes.Any(pattern => ToolScopes.Matches(pattern, scope.Value));

    /// <summary>True when all names of the backend's tools begin with its prefix.</summary>
    private static bool HasPrefix(BackendDefinition backend) =>
        backend is { Prefix.Length: > 0, Options: { Names: NamePolicy.Always, Aliases.Count: 0 } };

    private Patterns PatternsOf(CatalogKind kind) => kind switch
    {
        CatalogKind.Tool => _tools,
        CatalogKind.Prompt => _prompts,
        _ => _resources,
    };
}
