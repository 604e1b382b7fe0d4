using Cortex.Foundation.Configuration.Binding;
using Cortex.Foundation.Configuration.Yaml;

namespace Cortex.Foundation.Configuration;

/// <summary>One accepted state of the configuration. Immutable.</summary>
internal sealed record ConfigurationSnapshot
{
    /// <summary>Bound options, by type. A section that did not change keeps its object from snapshot to snapshot.</summary>
    public required IReadOnlyDictionary<Type, object> Options { get; init; }

    /// <summary>Faults of included files and of discovered backends, whose change was left out; the rest of the configuration runs.</summary>
    public required IReadOnlyList<ConfigurationError> FileErrors { get; init; }

    /// <summary>Faults of the main file whose change was left out; empty at start.</summary>
    public required IReadOnlyList<ConfigurationError> MainErrors { get; init; }

    /// <summary>YAML paths whose change waits for the next start.</summary>
    public required IReadOnlyList<string> PendingRestart { get; init; }

    /// <summary>When the main file was last read without a fault.</summary>
    public required DateTimeOffset LoadedAt { get; init; }

    /// <summary>The accepted main file, overrides laid over it.</summary>
    public required ConfigurationNode.Map Main { get; init; }

    /// <summary>The accepted <c>backends</c> of each included file, and of each source of a discovered one.</summary>
    public required IReadOnlyDictionary<string, ConfigurationNode.Map> Includes { get; init; }

    /// <summary>How many backends run, wherever they come from.</summary>
    public int BackendCount => (Root.Find(RootShape.BackendsKey)?.Value as ConfigurationNode.Map)?.Entries.Count ?? 0;

    /// <summary>What <see cref="Options"/> were bound from.</summary>
    public required ConfigurationNode.Map Root { get; init; }
}
