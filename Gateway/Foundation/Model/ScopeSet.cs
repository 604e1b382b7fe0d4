using System.Collections;

namespace Cortex.Foundation.Model;

/// <summary>An immutable, sorted set of scopes with value equality; usable as a cache key.</summary>
internal sealed class ScopeSet : IReadOnlyCollection<Scope>, IEquatable<ScopeSet>
{
    private readonly Scope[] _scopes;
    private readonly string _text;

    private ScopeSet(Scope[] sorted)
    {
        _scopes = sorted;
        _text = string.Join(' ', sorted.Select(scope => scope.Value));
    }

    /// <summary>The set without scopes.</summary>
    public static ScopeSet Empty { get; } = new([]);

    public int Count => _scopes.Length;

    /// <summary>Makes a set; repeated scopes count once.</summary>
    public static ScopeSet Of(params IEnumerable<Scope> scopes)
    {
        var sorted = scopes.Distinct().Order().ToArray();
        return sorted.Length == 0 ? Empty : new ScopeSet(sorted);
    }

    /// <summary>Reads a space-separated list as it stands in a token; what is not a scope token is left out.</summary>
    public static ScopeSet ParseLenient(string? text) => text is null
        ? Empty
        : Of(text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => Scope.TryParse(part, out var scope) ? scope : (Scope?)null)
            .OfType<Scope>());

    public bool Contains(Scope scope) => Array.BinarySearch(_scopes, scope) >= 0;

    /// <summary>True when every scope of <paramref name="other"/> is in this set.</summary>
    public bool ContainsAll(ScopeSet other) => other._scopes.All(Contains);

    public ScopeSet Intersect(ScopeSet other) => Of(_scopes.Where(other.Contains));

    public ScopeSet Union(ScopeSet other) => Of(_scopes.Concat(other._scopes));

    public ScopeSet Except(ScopeSet other) => Of(_scopes.Where(scope => !other.Contains(scope)));

    public bool Equals(ScopeSet? other) => other is not null && _text == other._text;

    public override bool Equals(object? obj) => Equals(obj as ScopeSet);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    public IEnumerator<Scope> GetEnumerator() => _scopes.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The scopes in order, separated by one space: the wire form.</summary>
    public override string ToString() => _text;
}
