namespace Cortex.Foundation.JsonRpc;

/// <summary>What to change in, and to keep of, a JSON text that streams past. Made by <see cref="JsonRewriteRulesBuilder"/>; immutable and thread-safe.</summary>
internal sealed class JsonRewriteRules
{
    private readonly RewriteRule[] _rules;
    private readonly bool[] _edited;
    private readonly int[] _watched;

    internal JsonRewriteRules(MemberTree tree, RewriteRule[] rules, bool[] edited, int[] watched, bool requiresObject)
    {
        (Tree, _rules, _edited, _watched, RequiresObject) = (tree, rules, edited, watched, requiresObject);
        SlotsNeeded = rules.Max(rule => Math.Max(
            Math.Max(rule.Expected.SlotsNeeded, rule.Value.SlotsNeeded), rule.Insertion?.SlotsNeeded ?? 0));
        MapsNeeded = rules.Max(rule => rule.MapsNeeded);
    }

    /// <summary>No rule: the text passes as it is, but is checked.</summary>
    public static JsonRewriteRules None { get; } = new JsonRewriteRulesBuilder().Build();

    /// <summary>How many slot values a rewriter under these rules must be given.</summary>
    public int SlotsNeeded { get; }

    /// <summary>How many functions a rewriter under these rules must be given.</summary>
    public int MapsNeeded { get; }

    internal MemberTree Tree { get; }

    internal bool RequiresObject { get; }

    internal ref readonly RewriteRule At(int node) => ref _rules[node];

    /// <summary>True when members of the object at <paramref name="node"/> may come or go, so that its commas have to wait.</summary>
    internal bool IsEdited(int node) => _edited[node];

    /// <summary>True when the object at <paramref name="node"/> has to be entered.</summary>
    internal bool IsTracked(int node) => Tree.HasChildren(node) || _rules[node].Insertion is not null;

    /// <summary>True when the elements of the array at <paramref name="node"/> have to be looked at.</summary>
    internal bool AreElementsTracked(int node) => Tree.ElementOf(node) != MemberTree.None;

    internal int NodeOf(int watch) => _watched[watch];
}
