namespace Cortex.Foundation.JsonRpc;

/// <summary>
/// Compiles rewrite rules. A path holds 1 to 3 names from the top-level object down; one path takes at most one of
/// Replace, ReplaceIfEquals and Remove. Example: <c>new JsonRewriteRulesBuilder().ReplaceIfEquals(["id"], RewriteValue.Slot(0),
/// RewriteValue.Slot(1)).Capture(["result", "isError"], out var isError).Build()</c>.
/// </summary>
internal sealed class JsonRewriteRulesBuilder
{
    /// <summary>Puts <paramref name="value"/> (raw JSON) in the place of the value at <paramref name="path"/>, whatever it is.</summary>
    public JsonRewriteRulesBuilder Replace(string[] path, RewriteValue value) => throw new NotImplementedException();

    /// <summary>The same, but only for a scalar that says the same as <paramref name="expected"/> (raw, at most 1 KiB).</summary>
    public JsonRewriteRulesBuilder ReplaceIfEquals(string[] path, RewriteValue expected, RewriteValue value) => throw new NotImplementedException();

    /// <summary>Takes out the member at <paramref name="path"/> with its key and comma.</summary>
    public JsonRewriteRulesBuilder Remove(string[] path) => throw new NotImplementedException();

    /// <summary>Puts <paramref name="member"/> (<c>"name":value</c>) first into the object at <paramref name="path"/>; an empty path is the top-level object.</summary>
    public JsonRewriteRulesBuilder InsertFirst(string[] path, RewriteValue member) => throw new NotImplementedException();

    /// <summary>Keeps the raw scalar (at most 1 KiB) at <paramref name="path"/>; <paramref name="watch"/> asks for it afterwards.</summary>
    public JsonRewriteRulesBuilder Capture(string[] path, out int watch) => throw new NotImplementedException();

    /// <summary>Notes whether the member at <paramref name="path"/> was there; <paramref name="watch"/> asks for it afterwards.</summary>
    public JsonRewriteRulesBuilder Watch(string[] path, out int watch) => throw new NotImplementedException();

    /// <summary>Refuses a text that is no object.</summary>
    public JsonRewriteRulesBuilder RequireObject() => throw new NotImplementedException();

    public JsonRewriteRules Build() => throw new NotImplementedException();
}
