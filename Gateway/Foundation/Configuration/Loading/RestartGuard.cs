using Cortex.Foundation.Configuration.Binding;
using Cortex.Foundation.Configuration.Yaml;

namespace Cortex.Foundation.Configuration.Loading;

/// <summary>Keeps the running value of every key that takes effect at the next start only.</summary>
internal sealed class RestartGuard(OptionShape.Object root)
{
    /// <summary>The new tree with the running values put back, and the paths where that was needed.</summary>
    public (ConfigurationNode.Map Root, IReadOnlyList<string> Pending) Keep(ConfigurationNode.Map running, ConfigurationNode.Map next)
    {
        var pending = new List<string>();
        return (Keep(running, next, root, "", pending), pending);
    }

    private static ConfigurationNode.Map Keep(
        ConfigurationNode.Map? running,
        ConfigurationNode.Map next,
        OptionShape.Object shape,
        string path,
        List<string> pending)
    {
        foreach (var property in shape.Properties)
        {
            var before = running?.Find(property.Name);
            var after = next.Find(property.Name);
            var below = YamlPath.Key(path, property.Name);
            if (property.NeedsRestart && !ConfigurationNode.SameContent(before?.Value, after?.Value))
            {
                next = next.With(property.Name, (before ?? after)!.KeyOrigin, before?.Value);
                pending.Add(below);
            }
            else if (property.Shape is OptionShape.Object nested && (before?.Value ?? after?.Value) is ConfigurationNode.Map either)
            {
                var empty = new ConfigurationNode.Map(either.Origin, []);
                var kept = Keep(before?.Value as ConfigurationNode.Map, after?.Value as ConfigurationNode.Map ?? empty, nested, below, pending);
                if (after is not null || kept.Entries.Count > 0)
                    next = next.With(property.Name, (after ?? before)!.KeyOrigin, kept);
            }
            else if (property.Shape is OptionShape.List { Item: OptionShape.Object item } && after is { Value: ConfigurationNode.List items }
                && item.Properties.FirstOrDefault(candidate => candidate.NamesItem) is { } name)
            {
                next = next.With(property.Name, after.KeyOrigin, Keep(before?.Value as ConfigurationNode.List, items, item, name.Name, below, pending));
            }
        }

        return next;
    }

    /// <summary>Items are compared by their names: one that is new has nothing running, and one that is gone takes all of it along.</summary>
    private static ConfigurationNode.List Keep(
        ConfigurationNode.List? running,
        ConfigurationNode.List next,
        OptionShape.Object shape,
        string name,
        string path,
        List<string> pending)
    {
        return new ConfigurationNode.List(next.Origin, [.. next.Items.Select((item, at) => item is ConfigurationNode.Map map
            ? Keep(FindNamed(NameOf(map)), map, shape, YamlPath.Item(path, at), pending)
            : item)]);

        ConfigurationNode.Map? FindNamed(string? wanted) =>
            running?.Items.OfType<ConfigurationNode.Map>().FirstOrDefault(item => wanted is not null && NameOf(item) == wanted);

        string? NameOf(ConfigurationNode.Map item) => (item.Find(name)?.Value as ConfigurationNode.Scalar)?.Value;
    }
}
