using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Cortex.Bench;

/// <summary>
/// A native MCP server of revision 2025-11-25 with sessions, at <c>/legacy</c>; answers calls with one event, as most servers do. Refuses what
/// comes without a session it opened. Counts its sessions: <c>/legacy/sessions</c> answers with those open, and those of them that had a call.
/// </summary>
internal sealed class LegacyBackend
{
    public const string Path = "/legacy";
    public const string CountPath = "/legacy/sessions";

    private const string Initialized = """{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"legacy","version":"1"}}""";
    private const string Tools = """{"tools":[{"name":"save_note","description":"Saves a note.","inputSchema":{"type":"object","properties":{"text":{"type":"string"}}}}]}""";
    private const string Saved = """{"content":[{"type":"text","text":"The note was saved."}]}""";

    private readonly ConcurrentDictionary<string, bool> _hadCalls = new(StringComparer.Ordinal);

    /// <summary>Answers what is meant for this server; null for everything else.</summary>
    public Task? TryAnswer(HttpContext context, byte[] body) => context.Request.Path.Value switch
    {
        CountPath => context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{_hadCalls.Count} {_hadCalls.Count(session => session.Value)}")),
        Path => Answer(context, body),
        _ => null,
    };

    private Task Answer(HttpContext context, byte[] body)
    {
        var session = context.Request.Headers["Mcp-Session-Id"].ToString();
        if (body.AsSpan().IndexOf("\"initialize\""u8) >= 0)
        {
            session = Guid.NewGuid().ToString("N");
            _hadCalls[session] = false;
            context.Response.Headers["Mcp-Session-Id"] = session;
            return WriteAsync(context, body, Initialized, asEvent: false);
        }

        if (!_hadCalls.ContainsKey(session))
            return EndAsync(context, session.Length == 0 ? StatusCodes.Status400BadRequest : StatusCodes.Status404NotFound);
        if (context.Request.Method == "DELETE")
        {
            _hadCalls.TryRemove(session, out _);
            return EndAsync(context, StatusCodes.Status200OK);
        }

        if (context.Request.Method != "POST")
            return EndAsync(context, StatusCodes.Status405MethodNotAllowed);
        if (body.AsSpan().IndexOf("\"tools/list\""u8) >= 0)
            return WriteAsync(context, body, Tools, asEvent: false);
        if (body.AsSpan().IndexOf("\"tools/call\""u8) < 0)
            return EndAsync(context, StatusCodes.Status202Accepted);
        _hadCalls[session] = true;
        return WriteAsync(context, body, Saved, asEvent: true);
    }

    private static Task EndAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static Task WriteAsync(HttpContext context, byte[] body, string result, bool asEvent)
    {
        var message = Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":{{BackendServer.Id(body)}},"result":{{result}}}""");
        context.Response.ContentType = asEvent ? "text/event-stream" : "application/json";
        return context.Response.Body.WriteAsync(asEvent ? BackendServer.Event(message) : message, context.RequestAborted).AsTask();
    }
}
