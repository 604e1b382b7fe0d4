namespace Cortex.Foundation.JsonRpc;

/// <summary>What happens to the value at one place.</summary>
internal enum RewriteAction : byte
{
    Pass,
    Replace,
    ReplaceIfEquals,
    Remove,
    Map,
}

/// <summary>All that the rules say about one place.</summary>
/// <param name="Insertion">The member to put first into the object there.</param>
/// <param name="IsCaptured">Keep the raw scalar.</param>
/// <param name="MapIndex">Position of the function that maps the scalar.</param>
/// <param name="MaxMapBytes">Longest scalar that is mapped.</param>
internal readonly record struct RewriteRule(
    RewriteAction Action, RewriteValue Expected, RewriteValue Value, RewriteValue? Insertion, bool IsCaptured, int MapIndex, int MaxMapBytes)
{
    /// <summary>True when the scalar is written only once its end is known.</summary>
    public bool Withholds => Action is RewriteAction.ReplaceIfEquals or RewriteAction.Map;

    /// <summary>How many functions this rule calls for.</summary>
    public int MapsNeeded => Action == RewriteAction.Map ? MapIndex + 1 : 0;

    /// <summary>What is written for a scalar that was withheld.</summary>
    public ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> raw, RewriteState state)
    {
        if (Action == RewriteAction.ReplaceIfEquals)
            return JsonText.IsSame(raw, Expected.Resolve(state.Slots)) ? Value.Resolve(state.Slots) : raw;
        if (raw.SequenceEqual("null"u8))
            return raw;
        var mapped = state.Maps[MapIndex](raw);
        return mapped.IsEmpty ? raw : mapped.Span;
    }
}
