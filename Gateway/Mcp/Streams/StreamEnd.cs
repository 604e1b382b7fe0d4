namespace Cortex.Mcp.Streams;

/// <summary>Why an event stream ended: a closed set.</summary>
/// <param name="Reason">A stable word, for metrics and records.</param>
/// <param name="Text">For the client, in the last comment.</param>
internal sealed record StreamEnd(string Reason, string Text)
{
    public static readonly StreamEnd TokenExpired = new("token_expired", "the access token has ended; connect again with a new one");
    public static readonly StreamEnd AccessRevoked = new("access_revoked", "the access token was revoked; connect again");
    public static readonly StreamEnd PlanChanged = new("plan_changed", "the plan has changed, and with it the lists; connect again");
    public static readonly StreamEnd SessionEnded = new("session_ended", "the session has ended; initialize a new one");
    public static readonly StreamEnd ToolsetGone = new("toolset_gone", "this toolset is no longer configured");
    public static readonly StreamEnd Shutdown = new("shutdown", "this replica shuts down; connect again");
    public static readonly StreamEnd ClientLeft = new("client_left", "the client left");
    public static readonly StreamEnd SlowReader = new("slow_reader", "the client reads too slowly; connect again");

    /// <summary>True when nothing can be written to the client any more, or nothing would be read.</summary>
    public bool IsSilent => this == ClientLeft || this == SlowReader;
}
