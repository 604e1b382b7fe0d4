namespace Cortex.Foundation.JsonRpc;

/// <summary>
/// Compiles rewrite rules. A path holds 1 to 7 names from the top-level object down; one path takes at most one of
/// Replace, ReplaceIfEquals, Remove and Map. Example: <c>new JsonRewriteRulesBuilder().ReplaceIfEquals(["id"], RewriteValue.Slot(0),
/// RewriteValue.Slot(1)).Capture(["result", "isError"], out var isError).Build()</c>.
/// </summary>
internal sealed class JsonRewriteRulesBuilder
{
    public const int MaxPathDepth = 7;

    /// <summary>In place of a name: every element of the array there. <c>["result", "content", Each, "uri"]</c>. For <see cref="Map"/> alone.</summary>
    public const string Each = "[]";

    private readonly MemberTree _tree = new();
    private readonly RewriteRule[] _rules = new RewriteRule[MemberTree.MaxNodes];
    private readonly bool[] _edited = new bool[MemberTree.MaxNodes];
    private readonly List<int> _watched = [];
    private bool _requiresObject;

    /// <summary>Puts <paramref name="value"/> (raw JSON) in the place of the value at <paramref name="path"/>, whatever it is.</summary>
    public JsonRewriteRulesBuilder Replace(string[] path, RewriteValue value) =>
        Act(path, RewriteAction.Replace, default, value);

    /// <summary>The same, but only for a scalar that says the same as <paramref name="expected"/> (raw, at most 1 KiB).</summary>
    public JsonRewriteRulesBuilder ReplaceIfEquals(string[] path, RewriteValue expected, RewriteValue value) =>
        Act(path, RewriteAction.ReplaceIfEquals, expected, value);

    /// <summary>
    /// Gives the raw scalar at <paramref name="path"/> to the function at position <paramref name="map"/> of those given to the rewriter, and
    /// writes what it returns. Null and containers pass.
    /// </summary>
    /// <param name="path">The place; may hold <see cref="Each"/>.</param>
    /// <param name="map">Which function.</param>
    /// <param name="maxBytes">Longest raw scalar, which is held whole; a longer one is a <see cref="JsonRpcFaultKind.ScalarTooLong"/>.</param>
    public JsonRewriteRulesBuilder Map(string[] path, int map, int maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(map);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBytes);
        var node = Unruled(path, PlaceOfEach(path));
        _rules[node] = _rules[node] with { Action = RewriteAction.Map, MapIndex = map, MaxMapBytes = maxBytes };
        return this;
    }

    /// <summary>Takes out the member at <paramref name="path"/> with its key and comma.</summary>
    public JsonRewriteRulesBuilder Remove(string[] path)
    {
        Act(path, RewriteAction.Remove, default, default);
        _edited[_tree.Add(path.AsSpan(..^1))] = true;
        return this;
    }

    /// <summary>Puts <paramref name="member"/> (<c>"name":value</c>) first into the object at <paramref name="path"/>; an empty path is the top-level object.</summary>
    public JsonRewriteRulesBuilder InsertFirst(string[] path, RewriteValue member)
    {
        var node = path.Length == 0 ? MemberTree.Root : Place(path);
        if (_rules[node].Insertion is not null)
            throw new ArgumentException($"'{string.Join('/', path)}' has an insertion already; join the members by a comma.", nameof(path));
        _rules[node] = _rules[node] with { Insertion = member };
        _edited[node] = true;
        return this;
    }

    /// <summary>Keeps the raw scalar (at most 1 KiB) at <paramref name="path"/>; <paramref name="watch"/> asks for it afterwards.</summary>
    public JsonRewriteRulesBuilder Capture(string[] path, out int watch)
    {
        Watch(path, out watch);
        _rules[_watched[watch]] = _rules[_watched[watch]] with { IsCaptured = true };
        return this;
    }

    /// <summary>Notes whether the member at <paramref name="path"/> was there; <paramref name="watch"/> asks for it afterwards.</summary>
    public JsonRewriteRulesBuilder Watch(string[] path, out int watch)
    {
        watch = _watched.Count;
        _watched.Add(Place(path));
        return this;
    }

    /// <summary>Refuses a text that is no object.</summary>
    public JsonRewriteRulesBuilder RequireObject()
    {
        _requiresObject = true;
        return this;
    }

    public JsonRewriteRules Build() =>
        new(_tree, _rules[.._tree.Count], _edited[.._tree.Count], [.. _watched], _requiresObject);

    private JsonRewriteRulesBuilder Act(string[] path, RewriteAction action, RewriteValue expected, RewriteValue value)
    {
        var node = Unruled(path, Place(path));
        _rules[node] = _rules[node] with { Action = action, Expected = expected, Value = value };
        return this;
    }

    private int Unruled(string[] path, int node) => _rules[node].Action == RewriteAction.Pass
        ? node
        : throw new ArgumentException($"'{string.Join('/', path)}' has a rule already.", nameof(path));

    private int Place(string[] path) => Array.IndexOf(path, Each) < 0
        ? PlaceOfEach(path)
        : throw new ArgumentException("Only a map reaches the elements of an array.", nameof(path));

    private int PlaceOfEach(string[] path)
    {
        if (path.Length is < 1 or > MaxPathDepth)
            throw new ArgumentException($"The path of a rule has 1 to {MaxPathDepth} names.", nameof(path));
        var node = MemberTree.Root;
        foreach (var step in path)
            node = step == Each ? _tree.AddElement(node) : _tree.AddMember(node, step);
        return node;
    }
}
