using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Identity.Entitlements;
using Cortex.Mcp.Wire;
using Cortex.Sessions;
using Microsoft.Extensions.Options;

namespace Cortex.Mcp.Streams;

/// <summary>
/// <c>GET /mcp</c> of legacy clients: (1) the headers, (2) the session, (3) a stream of a call that is to be resumed, (4) else the session's own stream of notifications.
/// </summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#listening-for-messages-from-the-server"/></remarks>
internal sealed class SessionStreamEndpoint(
    ClientStreams streams, OpenStreams open, PostStreamResume resume, SessionStreamParts parts, IOptionsMonitor<GatewayOptions> options)
{
    private const string LastEventId = "Last-Event-ID";

    public async Task GetAsync(HttpContext context)
    {
        if ((Check(context.Request.Headers) ?? FaultOf(context.GetLens())) is { } refusal)
        {
            await ProblemAsync(context, refusal.Status, refusal.Text);
            return;
        }

        var caller = context.GetCaller();
        if (await NamedSession.FindAsync(context, parts.Sessions) is not NamedSession.Found { Session: var session })
        {
            await ProblemAsync(context, NamedSession.Unknown.Error.Status, NamedSession.Unknown.Error.Message);
            return;
        }

        var lastEventId = context.Request.Headers[LastEventId].ToString();
        using var place = open.TryEnter(caller.Owner);
        if (place is null)
        {
            context.Response.Headers.RetryAfter = OpenStreams.RetryAfter;
            await ProblemAsync(context, StatusCodes.Status429TooManyRequests, OpenStreams.Refusal);
        }
        else if (lastEventId.Length == 0 || lastEventId[0] == EventId.Mark)
        {
            await OpenAsync(context, caller, session, lastEventId);
        }
        else if (!await resume.TryResumeAsync(context, caller, session, lastEventId, context.RequestAborted))
        {
            await ProblemAsync(context, StatusCodes.Status400BadRequest, "This stream can't be resumed any more; make the call again.");
        }
    }

    /// <summary>What is wrong with the headers; null when nothing is. A modern version does not get this far.</summary>
    private static (int Status, string Text)? Check(IHeaderDictionary headers)
    {
        var version = headers[McpHeaders.ProtocolVersion].ToString();
        if (version.Length > 0 && ProtocolVersion.Find(version) is null)
            return (StatusCodes.Status400BadRequest, McpError.VersionNotSupported(version).Message);
        if (!AcceptsEvents(headers.Accept))
            return (StatusCodes.Status406NotAcceptable, "A GET opens a stream of events: accept text/event-stream.");
        return headers[McpHeaders.SessionId].Count == 0
            ? (StatusCodes.Status400BadRequest, $"The header {McpHeaders.SessionId} is missing; send the one that initialize gave you.")
            : null;
    }

    private static (int Status, string Text)? FaultOf(RequestLens lens) => lens.Fault is { } fault ? (fault.Status, fault.Message) : null;

    private static bool AcceptsEvents(Microsoft.Extensions.Primitives.StringValues accept) =>
        accept.Count == 0 || accept.ToString() is var text && (text.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase) || text.Contains("*/*", StringComparison.Ordinal));

    private async Task OpenAsync(HttpContext context, Caller caller, ClientSession session, string lastEventId)
    {
        var retry = options.CurrentValue.Streams.RetryAfter;
        await using var stream = new SessionStream(caller, context.GetLens(), session, lastEventId.Length == 0 ? null : lastEventId, retry, parts);
        await stream.AnnounceAsync(context.RequestAborted);
        await streams.RunAsync(context, stream);
    }

    private static Task ProblemAsync(HttpContext context, int status, string detail) =>
        TypedResults.Problem(statusCode: status, detail: detail).ExecuteAsync(context);
}
