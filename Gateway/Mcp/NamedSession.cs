using Cortex.Identity.Entitlements;
using Cortex.Mcp.Wire;
using Cortex.Sessions;

namespace Cortex.Mcp;

/// <summary>What the header <c>Mcp-Session-Id</c> of a legacy request names: a closed set.</summary>
internal abstract record NamedSession
{
    private NamedSession()
    {
    }

    /// <summary>There is no header: the request is served statelessly.</summary>
    internal sealed record None : NamedSession;

    /// <summary>A session of this caller.</summary>
    internal sealed record Found(ClientSession Session) : NamedSession;

    /// <summary>No session, or somebody else's.</summary>
    internal sealed record Unknown : NamedSession
    {
        public static McpError Error { get; } = new(StatusCodes.Status404NotFound, McpError.InvalidRequest, "There is no such session; initialize a new one.");
    }

    /// <summary>Looks the session up by owner and id. One that was opened at another address is none of this one.</summary>
    public static async ValueTask<NamedSession> FindAsync(HttpContext context, ClientSessionStore sessions)
    {
        var header = context.Request.Headers[McpHeaders.SessionId].ToString();
        if (header.Length == 0)
            return new None();
        var session = SessionId.TryParse(header, out var id) ? await sessions.FindAsync(context.GetCaller(), id, context.RequestAborted) : null;
        return session is not null && session.Toolset == context.GetLens().Toolset?.Id ? new Found(session) : new Unknown();
    }
}
