namespace Cortex.Catalog.Toolsets;

/// <summary>Names by <see cref="PatternOptions"/>; immutable.</summary>
internal sealed class Patterns(PatternOptions options)
{
    /// <summary>True when it names what is in it, and does not merely leave something out.</summary>
    public bool AreNamed => options.Include.Count > 0;

    /// <summary>True when something of these names is in it. An item may have two: a URI, and the template that it fits.</summary>
    public bool Match(params ReadOnlySpan<string> names) => (!AreNamed || MatchAny(options.Include, names)) && !MatchAny(options.Exclude, names);

    /// <summary>True when a name that begins with <paramref name="start"/> may be in it.</summary>
    public bool MayBeginWith(string start) => !AreNamed || options.Include.Any(pattern => MayBeginWith(pattern, start));

    private static bool MatchAny(IReadOnlyList<string> patterns, ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (patterns.Any(pattern => ToolScopes.Matches(pattern, name)))
                return true;
        }

        return false;
    }

    private static bool MayBeginWith(string pattern, string start) =>
        pattern.IndexOf('*', StringComparison.Ordinal) is >= 0 and var end
            ? pattern.AsSpan(0, end).StartsWith(start) || start.AsSpan().StartsWith(pattern.AsSpan(0, end))
            : pattern.StartsWith(start, StringComparison.Ordinal);
}
