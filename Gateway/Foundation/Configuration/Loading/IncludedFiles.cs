using Cortex.Foundation.Configuration.Binding;
using Cortex.Foundation.Configuration.Yaml;

namespace Cortex.Foundation.Configuration.Loading;

/// <summary>
/// Adds the backends of included files one file at a time, so that a fault counts against the file that brings it.
/// Order: files that are as they ran before, then new and changed ones; each in ordinal order. So a file that takes the name
/// of a running backend loses, and at start the earlier file wins. What was discovered comes after all files, in its own order.
/// </summary>
internal sealed class IncludedFiles(
    RootShape shape,
    ConfigurationNode.Map main,
    TreeReader reader,
    Func<string, ReferencePolicy> policyOf,
    SectionBuilder builder,
    ResolvedSecrets secrets,
    List<ConfigurationError> fileErrors)
{
    private readonly Dictionary<string, ConfigurationNode.Map> _accepted = new(StringComparer.Ordinal);

    /// <summary>The accepted <c>backends</c> of each file, and of what announces one.</summary>
    public IReadOnlyDictionary<string, ConfigurationNode.Map> Accepted => _accepted;

    /// <summary>Backend overrides that named no backend of any file.</summary>
    public List<EnvironmentOverride> Unplaced { get; } = [];

    /// <summary>The main file's backends, those of every file that is fit to join them, and those that were discovered and are.</summary>
    /// <param name="files">Files to read: path and name in messages.</param>
    /// <param name="discovered">What was found outside the files.</param>
    /// <param name="backends">The main file's backends.</param>
    /// <param name="foreign">Overrides of backends that the main file does not have.</param>
    /// <param name="previous">The last good content of each file.</param>
    public ConfigurationNode.Map Merge(
        IEnumerable<(string Path, string ShownAs)> files,
        DiscoveredBackends discovered,
        ConfigurationNode.Map backends,
        IReadOnlyList<EnvironmentOverride> foreign,
        IReadOnlyDictionary<string, ConfigurationNode.Map> previous)
    {
        var candidates = files.Select(file => Read(file.Path, file.ShownAs, foreign, previous.GetValueOrDefault(file.ShownAs))).ToList();
        Unplaced.AddRange(foreign.Where(variable => !candidates.Any(file => Names(file.Content, variable) || Names(file.LastGood, variable))));
        var merged = candidates.OrderBy(file => file.IsUnchanged ? 0 : 1).Aggregate(backends, Add);
        fileErrors.AddRange(discovered.Errors);
        return discovered.Backends.Select(found => Read(found, previous.GetValueOrDefault(found.Source))).Aggregate(merged, Add);
    }

    private Candidate Read(string path, string shownAs, IReadOnlyList<EnvironmentOverride> foreign, ConfigurationNode.Map? lastGood)
    {
        var errors = new List<ConfigurationError>();
        var root = reader.Read(path, shownAs, shape.BackendsOnly, policyOf(path), "Remove it from 'include', or put it there", errors);
        if (root is not null)
            root = new OverrideApplier(shape.Root, secrets, errors).Apply(root, foreign.Where(variable => Names(BackendsOf(root), variable)));
        var content = root is null ? null : BackendsOf(root);
        if (root?.Find(RootShape.BackendsKey) is { Value: not ConfigurationNode.Map } entry)
            errors.Add(new ConfigurationError(entry.KeyOrigin, entry.Key, $"{entry.Value.Kind} stands where a map of names is expected", "Write '<name>:' below it, indented, or '{}' for none"));
        return new Candidate(shownAs, content, lastGood, errors);
    }

    private Candidate Read(DiscoveredBackend found, ConfigurationNode.Map? lastGood)
    {
        var errors = found.Errors.ToList();
        var content = found.Backends is { } backends ? reader.Read(backends, errors) : null;
        return new Candidate(found.Source, content, lastGood, errors) { Rename = found.Rename };
    }

    private ConfigurationNode.Map Add(ConfigurationNode.Map backends, Candidate file)
    {
        var errors = file.Errors;
        var merged = errors.Count == 0 ? TryAdd(backends, file.Content!, file.Rename, errors) : null;
        var kept = file.Content;
        if (merged is null && file is { LastGood: not null, IsUnchanged: false })
        {
            kept = file.LastGood;
            merged = TryAdd(backends, file.LastGood, file.Rename, []);
        }

        fileErrors.AddRange(errors);
        if (merged is null)
            return backends;
        _accepted[file.ShownAs] = kept!;
        return merged;
    }

    /// <summary>Both together; null when that gives any fault, since <paramref name="backends"/> alone gave none.</summary>
    private ConfigurationNode.Map? TryAdd(ConfigurationNode.Map backends, ConfigurationNode.Map added, string rename, List<ConfigurationError> errors)
    {
        var merged = backends;
        foreach (var entry in added.Entries)
        {
            if (backends.Find(entry.Key) is { } taken)
                errors.Add(new ConfigurationError(entry.KeyOrigin, YamlPath.Key(RootShape.BackendsKey, entry.Key), $"the name is taken, at {taken.KeyOrigin}", rename));
            else
                merged = merged.With(entry.Key, entry.KeyOrigin, entry.Value);
        }

        var root = main.With(RootShape.BackendsKey, merged.Origin, merged);
        var names = added.Entries.Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal);
        builder.Build(root, shape.Sections.Where(section => section.Section.Key == RootShape.BackendsKey), errors, names);
        return errors.Count == 0 ? merged : null;
    }

    private static bool Names(ConfigurationNode.Map? backends, EnvironmentOverride variable) =>
        backends?.Find(variable.Segments[1], StringComparison.OrdinalIgnoreCase) is not null;

    private static ConfigurationNode.Map BackendsOf(ConfigurationNode.Map root) =>
        root.Find(RootShape.BackendsKey)?.Value as ConfigurationNode.Map ?? new ConfigurationNode.Map(root.Origin, []);

    private sealed record Candidate(
        string ShownAs,
        ConfigurationNode.Map? Content,
        ConfigurationNode.Map? LastGood,
        List<ConfigurationError> Errors)
    {
        public string Rename { get; init; } = "Rename one of the two";

        public bool IsUnchanged => Errors.Count == 0 && LastGood is not null && ConfigurationNode.SameContent(Content, LastGood);
    }
}
