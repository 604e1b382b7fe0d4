using Cortex.Foundation.Configuration.Yaml;

namespace Cortex.Foundation.Configuration.Binding;

/// <summary>The error for a key that nobody reads, with the key that was probably meant.</summary>
internal static class UnknownKey
{
    public static ConfigurationError At(Origin origin, string parent, string key, IEnumerable<string> known)
    {
        var names = known.Order(StringComparer.Ordinal).ToArray();
        var mend = Suggestion.For(key, names) is { } near ? $"Did you mean '{near}'?" : $"Known here: {string.Join(", ", names)}";
        return new ConfigurationError(origin, YamlPath.Key(parent, key), "the key is unknown", mend);
    }
}
