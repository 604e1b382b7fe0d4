using Cortex.Foundation.Configuration.Binding;
using Cortex.Foundation.Configuration.Yaml;

namespace Cortex.Foundation.Configuration.Loading;

/// <summary>
/// Makes a snapshot from the files, in this order: main file, references, environment overrides, binding and validation;
/// then each included file on top, then what was discovered; then the keys that wait for a restart are put back.
/// </summary>
internal sealed class ConfigurationLoader(
    string file,
    string baseDirectory,
    RootShape shape,
    IReadOnlyDictionary<string, string?> environment,
    TimeProvider time)
{
    private readonly IReadOnlyList<EnvironmentOverride> _overrides = EnvironmentOverride.Among(environment);

    /// <summary>One attempt. Without a <paramref name="previous"/> snapshot a faulty main file gives none.</summary>
    public LoadAttempt Run(ConfigurationSnapshot? previous, DiscoveredBackends discovered)
    {
        var sources = new SourceReader(baseDirectory);
        var secrets = new ResolvedSecrets();
        var builder = new SectionBuilder(shape, secrets);
        var mainErrors = new List<ConfigurationError>();
        var fileErrors = new List<ConfigurationError>();
        var reader = new TreeReader(sources, environment, secrets);

        var main = ReadMain(reader, secrets, builder, mainErrors);
        var accepted = mainErrors.Count == 0 ? main : previous?.Main;
        var basis = accepted ?? main ?? new ConfigurationNode.Map(new Origin.Place(file, 0, 0), []);
        var included = new IncludedFiles(shape, basis, reader, path => ReferencePolicy.Of(path, ReferencesOf(basis), baseDirectory), builder, secrets, fileErrors);
        var backends = included.Merge(
            FilesOf(basis, sources),
            discovered,
            accepted is null ? new ConfigurationNode.Map(basis.Origin, []) : BackendsOf(accepted) ?? new ConfigurationNode.Map(basis.Origin, []),
            [.. _overrides.Where(variable => IsForeign(variable, basis))],
            previous?.Includes ?? new Dictionary<string, ConfigurationNode.Map>());
        foreach (var variable in included.Unplaced)
            (previous is null && fileErrors.Count == 0 ? mainErrors : fileErrors).Add(Unplaced(variable));

        if (accepted is null || (previous is null && mainErrors.Count > 0))
            return new LoadAttempt(sources, discovered, null, mainErrors, fileErrors);
        var merged = backends.Entries.Count == 0 ? accepted : accepted.With(RootShape.BackendsKey, backends.Origin, backends);
        var (root, pending) = previous is null ? (merged, []) : new RestartGuard(shape.Root).Keep(previous.Root, merged);
        var snapshot = new ConfigurationSnapshot
        {
            Options = Reuse(previous, root, builder.Build(root, shape.Sections, [])),
            FileErrors = fileErrors,
            MainErrors = mainErrors,
            PendingRestart = pending,
            LoadedAt = mainErrors.Count == 0 || previous is null ? time.GetUtcNow() : previous.LoadedAt,
            Main = accepted,
            Includes = included.Accepted,
            Root = root,
        };
        return new LoadAttempt(sources, discovered, snapshot, mainErrors, fileErrors);
    }

    private ConfigurationNode.Map? ReadMain(TreeReader reader, ResolvedSecrets secrets, SectionBuilder builder, List<ConfigurationError> errors)
    {
        var missing = $"Looked for {Path.GetFullPath(file)}. Pass --config FILE, or start in the folder that {file} counts from";
        if (reader.Read(Path.GetFullPath(file), file, shape.Root, ReferencePolicy.Any, missing, errors) is not { } read)
            return null;
        var main = new OverrideApplier(shape.Root, secrets, errors).Apply(read, _overrides.Where(variable => !IsForeign(variable, read)));
        RootShape.BindInclude(main, errors);
        builder.Build(main, shape.Sections, errors);
        return main;
    }

    private IEnumerable<(string Path, string ShownAs)> FilesOf(ConfigurationNode.Map main, SourceReader sources) =>
        from path in RootShape.BindInclude(main, []).Include.SelectMany(sources.List).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        where Path.GetFullPath(path, baseDirectory) != Path.GetFullPath(file)
        select (path, Path.Combine(Path.GetDirectoryName(file) ?? "", path));

    private static IReadOnlyList<string> ReferencesOf(ConfigurationNode.Map main) =>
        ((GatewayOptions)new OptionsBinder([]).BindSection(main.Find("gateway")?.Value, OptionShapes.Of(typeof(GatewayOptions)), "gateway")).IncludeReferences;

    /// <summary>True for an override of a backend that the main file does not have: it belongs to an included file.</summary>
    private bool IsForeign(EnvironmentOverride variable, ConfigurationNode.Map main) =>
        variable.Segments.Count > 2
        && variable.Segments[0].Equals(RootShape.BackendsKey, StringComparison.OrdinalIgnoreCase)
        && shape.BackendsOnly.Properties.Count > 0
        && BackendsOf(main)?.Find(variable.Segments[1], StringComparison.OrdinalIgnoreCase) is null;

    private static ConfigurationNode.Map? BackendsOf(ConfigurationNode.Map main) => main.Find(RootShape.BackendsKey)?.Value as ConfigurationNode.Map;

    private static ConfigurationError Unplaced(EnvironmentOverride variable) => new(
        variable.Origin,
        YamlPath.Key(RootShape.BackendsKey, variable.Segments[1]),
        "no file has a backend of this name",
        "Unset the variable, or write the backend into a file: an override changes one that is there");

    /// <summary>A section whose content is the same keeps its object, so that nobody is told of a change that is none.</summary>
    private Dictionary<Type, object> Reuse(ConfigurationSnapshot? previous, ConfigurationNode.Map root, Dictionary<Type, object> built)
    {
        if (previous is null)
            return built;
        foreach (var section in shape.Sections.Select(candidate => candidate.Section))
        {
            if (ConfigurationNode.SameContent(previous.Root.Find(section.Key)?.Value, root.Find(section.Key)?.Value))
                built[section.OptionsType] = previous.Options[section.OptionsType];
        }

        return built;
    }
}

/// <summary>What came of one look at the files.</summary>
/// <param name="Sources">What was read: tells whether another look is worth it.</param>
/// <param name="Discovered">What was found outside the files by then.</param>
/// <param name="Snapshot">The state to run; null when the main file is faulty and there was none before.</param>
internal sealed record LoadAttempt(
    SourceReader Sources,
    DiscoveredBackends Discovered,
    ConfigurationSnapshot? Snapshot,
    IReadOnlyList<ConfigurationError> MainErrors,
    IReadOnlyList<ConfigurationError> FileErrors);
