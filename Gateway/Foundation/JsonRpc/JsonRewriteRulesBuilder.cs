namespace Cortex.Foundation.JsonRpc;

/// <summary>
/// Compiles rewrite rules. A path holds 1 to 3 names from the top-level object down; one path takes at most one of
/// Replace, ReplaceIfEquals and Remove. Example: <c>new JsonRewriteRulesBuilder().ReplaceIfEquals(["id"], RewriteValue.Slot(0),
/// RewriteValue.Slot(1)).Capture(["result", "isError"], out var isError).Build()</c>.
/// </summary>
internal sealed class JsonRewriteRulesBuilder
{
    public const int MaxPathDepth = 3;

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
        var node = Place(path);
        if (_rules[node].Action != RewriteAction.Pass)
            throw new ArgumentException($"'{string.Join('/', path)}' has a rule already.", nameof(path));
        _rules[node] = _rules[node] with { Action = action, Expected = expected, Value = value };
        return this;
    }

    private int Place(string[] path) => path.Length is >= 1 and <= MaxPathDepth
        ? _tree.Add(path)
        : throw new ArgumentException($"The path of a rule has 1 to {MaxPathDepth} names.", nameof(path));
}
