using System.Text.Json;

namespace Cortex.Builtins;

/// <summary>What an inner request came to.</summary>
internal abstract record InnerReply
{
    private InnerReply()
    {
    }

    /// <summary>The result object.</summary>
    public sealed record Result(JsonElement Value) : InnerReply;

    /// <summary>It was refused, or failed.</summary>
    /// <param name="Message">One sentence for the agent.</param>
    public sealed record Error(string Message) : InnerReply;
}
