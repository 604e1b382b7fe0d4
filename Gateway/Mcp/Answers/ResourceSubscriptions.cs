using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Answers;

/// <summary>What subscribing and unsubscribing have in common.</summary>
internal static class ResourceSubscriptions
{
    /// <summary>The empty result.</summary>
    public static readonly AnswerResult Done = new AnswerResult.Result(ResultContent.Empty);

    /// <summary>Without a session there is nothing to keep a subscription with, and no stream to tell on.</summary>
    public static readonly AnswerResult NoSession = new AnswerResult.Error(new McpError(
        StatusCodes.Status400BadRequest, McpError.InvalidRequest, $"Subscriptions need a session: initialize, then send the {McpHeaders.SessionId} you are given and open a stream by GET."));

    /// <summary>The session ended meanwhile.</summary>
    public static readonly AnswerResult SessionEnded = new AnswerResult.Error(new McpError(
        StatusCodes.Status404NotFound, McpError.InvalidRequest, "There is no such session; initialize a new one."));
}
