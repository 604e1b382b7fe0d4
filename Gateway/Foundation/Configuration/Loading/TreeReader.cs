using Cortex.Foundation.Configuration.Binding;
using Cortex.Foundation.Configuration.Yaml;

namespace Cortex.Foundation.Configuration.Loading;

/// <summary>Reads a file into a tree with its references resolved, and checks its root keys.</summary>
internal sealed class TreeReader(SourceReader sources, IReadOnlyDictionary<string, string?> environment, ResolvedSecrets secrets)
{
    /// <param name="path">Where the file is, relative to the base directory or absolute.</param>
    /// <param name="shownAs">The file's name in messages.</param>
    /// <param name="root">What may stand at the root.</param>
    /// <param name="policy">Which references it may use.</param>
    /// <param name="missingMend">What to do when the file is not there.</param>
    /// <param name="errors">Receives every fault.</param>
    public ConfigurationNode.Map? Read(string path, string shownAs, OptionShape.Object root, ReferencePolicy policy, string missingMend, List<ConfigurationError> errors)
    {
        switch (sources.Read(path, YamlReader.MaxBytes))
        {
            case SourceContent.Found found:
                return Read(found.Bytes, shownAs, root, policy, errors);
            case SourceContent.TooLarge:
                return Fail("the file is larger than 1 MiB", "Split it, for example into included files");
            case SourceContent.Unreadable unreadable:
                return Fail($"the file is not usable: {unreadable.Reason}", "Check its permissions");
            default:
                return Fail("the file is not there", missingMend);
        }

        ConfigurationNode.Map? Fail(string problem, string mend)
        {
            errors.Add(new ConfigurationError(new Origin.Place(shownAs, 0, 0), "", problem, mend));
            return null;
        }
    }

    /// <summary>What stands below <c>backends:</c> without being of a file; it may refer to nothing.</summary>
    public ConfigurationNode.Map Read(ConfigurationNode.Map backends, List<ConfigurationError> errors) =>
        new ReferenceResolver(sources, environment, secrets, ReferencePolicy.None, errors).Resolve(backends, RootShape.BackendsKey);

    private ConfigurationNode.Map? Read(byte[] bytes, string shownAs, OptionShape.Object root, ReferencePolicy policy, List<ConfigurationError> errors)
    {
        if (new YamlReader(shownAs, errors).Read(bytes) is not { } map)
            return null;
        foreach (var entry in map.Entries.Where(entry => root.Properties.All(property => property.Name != entry.Key)))
        {
            errors.Add(root.Properties is [var only]
                ? new ConfigurationError(entry.KeyOrigin, entry.Key, $"an included file may hold '{only.Name}:' and nothing else", "Move the key to the main file")
                : UnknownKey.At(entry.KeyOrigin, "", entry.Key, root.Properties.Select(property => property.Name)));
        }

        return new ReferenceResolver(sources, environment, secrets, policy, errors).Resolve(map);
    }
}
