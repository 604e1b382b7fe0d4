namespace Cortex.Foundation.JsonRpc;

/// <summary>What to change in, and to keep of, a JSON text that streams past. Made by <see cref="JsonRewriteRulesBuilder"/>; immutable and thread-safe.</summary>
internal sealed class JsonRewriteRules
{
    /// <summary>No rule: the text passes as it is, but is checked.</summary>
    public static JsonRewriteRules None { get; } = new JsonRewriteRulesBuilder().Build();
}
