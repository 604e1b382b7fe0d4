namespace Cortex.Foundation.Configuration.Yaml;

/// <summary>A part of a read configuration file, with the place it was written at. Immutable.</summary>
internal abstract class ConfigurationNode
{
    private ConfigurationNode(Origin origin) => Origin = origin;

    /// <summary>Place of a scalar; place of the key of a map or list that stands below one.</summary>
    public Origin Origin { get; }

    /// <summary>What a person would call it in an error message.</summary>
    public abstract string Kind { get; }

    /// <summary>True when both hold the same keys and values in the same order, wherever they were written.</summary>
    public static bool SameContent(ConfigurationNode? left, ConfigurationNode? right) => (left, right) switch
    {
        (null, null) => true,
        (Scalar a, Scalar b) => a.Value == b.Value,
        (List a, List b) => a.Items.Count == b.Items.Count && a.Items.Zip(b.Items).All(pair => SameContent(pair.First, pair.Second)),
        (Map a, Map b) => a.Entries.Count == b.Entries.Count
            && a.Entries.Zip(b.Entries).All(pair => pair.First.Key == pair.Second.Key && SameContent(pair.First.Value, pair.Second.Value)),
        _ => false,
    };

    /// <summary>A single value.</summary>
    /// <param name="origin">Where it stands.</param>
    /// <param name="value">The text with its references resolved; null when nothing was written (empty, <c>~</c>, <c>null</c>).</param>
    /// <param name="written">The text as it stands, references unresolved.</param>
    internal sealed class Scalar(Origin origin, string? value, string written) : ConfigurationNode(origin)
    {
        public string? Value => value;

        public string Written => written;

        /// <summary>True when the value came from outside: a resolved reference or an environment variable.</summary>
        public bool FromOutside { get; init; }

        public override string Kind => value is null ? "nothing" : "a single value";
    }

    /// <summary>A YAML sequence.</summary>
    internal sealed class List(Origin origin, IReadOnlyList<ConfigurationNode> items) : ConfigurationNode(origin)
    {
        public IReadOnlyList<ConfigurationNode> Items => items;

        public override string Kind => "a list";
    }

    /// <summary>A YAML mapping, in the order of the file; no key twice.</summary>
    internal sealed class Map(Origin origin, IReadOnlyList<MapEntry> entries) : ConfigurationNode(origin)
    {
        public IReadOnlyList<MapEntry> Entries => entries;

        public override string Kind => "a map";

        public MapEntry? Find(string key, StringComparison comparison = StringComparison.Ordinal) =>
            entries.FirstOrDefault(entry => entry.Key.Equals(key, comparison));

        /// <summary>The same map with one entry replaced, added, or (null) removed.</summary>
        public Map With(string key, Origin keyOrigin, ConfigurationNode? value)
        {
            var changed = entries.ToList();
            var index = changed.FindIndex(entry => entry.Key == key);
            switch (index, value)
            {
                case ( < 0, null):
                    return this;
                case ( < 0, _):
                    changed.Add(new MapEntry(key, keyOrigin, value));
                    break;
                case (_, null):
                    changed.RemoveAt(index);
                    break;
                default:
                    changed[index] = changed[index] with { Value = value };
                    break;
            }

            return new Map(Origin, changed);
        }
    }
}

/// <summary>One key of a map.</summary>
internal sealed record MapEntry(string Key, Origin KeyOrigin, ConfigurationNode Value);
