using Cortex.Foundation.Model;

namespace Cortex.Catalog.Toolsets;

/// <summary>Some backends, as a request chooses them: an immutable, sorted set with value equality; usable as a cache key.</summary>
internal sealed class BackendChoice : IEquatable<BackendChoice>
{
    /// <summary>Most backends that one request may choose.</summary>
    public const int MaxBackends = 100;

    private readonly string _text;

    private BackendChoice(IReadOnlyList<BackendId> sorted)
    {
        All = sorted;
        _text = string.Join(',', sorted);
    }

    /// <summary>The backends, by name.</summary>
    public IReadOnlyList<BackendId> All { get; }

    /// <summary>Reads names with commas between them; null when one of them is none, or there are too many. Repeated ones count once.</summary>
    public static BackendChoice? TryParse(string text)
    {
        var ids = new SortedSet<BackendId>(Comparer<BackendId>.Create((one, other) => string.CompareOrdinal(one.Value, other.Value)));
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!BackendId.TryParse(name, out var id) || (ids.Add(id) && ids.Count > MaxBackends))
                return null;
        }

        return new BackendChoice([.. ids]);
    }

    public bool Contains(BackendId backend) => All.Contains(backend);

    public bool Equals(BackendChoice? other) => other is not null && _text == other._text;

    public override bool Equals(object? obj) => Equals(obj as BackendChoice);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The names in order, separated by commas.</summary>
    public override string ToString() => _text;
}
