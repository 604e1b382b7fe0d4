namespace Cortex.Foundation.Configuration.Yaml;

/// <summary>YAML paths as people read them: <c>gateway.allowedOrigins[1]</c>, <c>backends.notes.url</c>.</summary>
internal static class YamlPath
{
    public static string Key(string parent, string key) => parent.Length == 0 ? key : $"{parent}.{key}";

    public static string Item(string parent, int index) => $"{parent}[{index}]";

    /// <summary>True when <paramref name="path"/> is <paramref name="ancestor"/> or lies below it.</summary>
    public static bool IsAtOrBelow(string path, string ancestor) =>
        ancestor.Length == 0
        || (path.StartsWith(ancestor, StringComparison.Ordinal)
            && (path.Length == ancestor.Length || path[ancestor.Length] is '.' or '['));

    /// <summary>The node at <paramref name="path"/>, or the nearest one above it that was written; keys may hold dots.</summary>
    /// <returns>The node, the place to point at, and whether the whole path was found.</returns>
    public static Location Locate(ConfigurationNode root, string path)
    {
        var here = new Location(root, root.Origin, path.Length == 0);
        var rest = path.AsSpan();
        while (rest.Length > 0)
        {
            if (Step(here.Node, ref rest) is not { } next)
                return here;
            here = next with { Found = rest.Length == 0 };
        }

        return here;
    }

    private static Location? Step(ConfigurationNode node, ref ReadOnlySpan<char> rest)
    {
        switch (node)
        {
            case ConfigurationNode.Map map:
                MapEntry? longest = null;
                foreach (var entry in map.Entries)
                {
                    if (rest.StartsWith(entry.Key) && EndsHere(rest, entry.Key.Length) && entry.Key.Length > (longest?.Key.Length ?? -1))
                        longest = entry;
                }

                if (longest is null)
                    return null;
                rest = AfterSeparator(rest[longest.Key.Length..]);
                return new Location(longest.Value, longest.Value is ConfigurationNode.Scalar ? longest.Value.Origin : longest.KeyOrigin, false);
            case ConfigurationNode.List list:
                var digits = rest.TrimStart('[');
                var length = digits.IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : digits.Length;
                if (!int.TryParse(digits[..length], out var index) || index >= list.Items.Count)
                    return null;
                rest = AfterSeparator(digits[length..].TrimStart(']'));
                return new Location(list.Items[index], list.Items[index].Origin, false);
            default:
                return null;
        }
    }

    private static bool EndsHere(ReadOnlySpan<char> rest, int length) => rest.Length == length || rest[length] is '.' or '[';

    private static ReadOnlySpan<char> AfterSeparator(ReadOnlySpan<char> rest) => rest is ['.', ..] ? rest[1..] : rest;

    /// <summary>What <see cref="Locate"/> found.</summary>
    internal sealed record Location(ConfigurationNode Node, Origin Origin, bool Found);
}
