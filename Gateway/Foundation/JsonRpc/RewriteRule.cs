namespace Cortex.Foundation.JsonRpc;

/// <summary>What happens to the value at one place.</summary>
internal enum RewriteAction : byte
{
    Pass,
    Replace,
    ReplaceIfEquals,
    Remove,
}

/// <summary>All that the rules say about one place.</summary>
/// <param name="Insertion">The member to put first into the object there.</param>
/// <param name="IsCaptured">Keep the raw scalar.</param>
internal readonly record struct RewriteRule(
    RewriteAction Action, RewriteValue Expected, RewriteValue Value, RewriteValue? Insertion, bool IsCaptured);
