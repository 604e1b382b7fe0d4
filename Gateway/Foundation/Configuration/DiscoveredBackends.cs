using Cortex.Foundation.Configuration.Yaml;

namespace Cortex.Foundation.Configuration;

/// <summary>What was found outside the files at one moment: backends that announce themselves. Immutable.</summary>
/// <param name="Backends">Each one found, sound or not; of two with the same name the earlier wins.</param>
/// <param name="Errors">What keeps others from being found.</param>
internal sealed record DiscoveredBackends(IReadOnlyList<DiscoveredBackend> Backends, IReadOnlyList<ConfigurationError> Errors)
{
    /// <summary>Nothing is looked for, or nothing was found yet.</summary>
    public static DiscoveredBackends None { get; } = new([], []);
}

/// <summary>One backend that announces itself. It is trusted like one of an included file, and may refer to nothing.</summary>
/// <param name="Source">What announces it, as messages name it.</param>
/// <param name="Backends">The backend as it would stand below <c>backends:</c>, by its name; null when that can't be told.</param>
/// <param name="Errors">What is wrong with the announcement.</param>
/// <param name="Rename">What to do when its name is another's.</param>
internal sealed record DiscoveredBackend(string Source, ConfigurationNode.Map? Backends, IReadOnlyList<ConfigurationError> Errors, string Rename);
