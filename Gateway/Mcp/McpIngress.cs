using Cortex.Foundation.Model;
using Cortex.Identity.Entitlements;
using Cortex.Mcp.Batches;
using Cortex.Mcp.Streams;
using Cortex.Mcp.Wire;
using Cortex.Sessions;
using Cortex.Sessions.Upstream;

namespace Cortex.Mcp;

/// <summary>
/// The MCP layer inside YARP's pipeline. The caller is authenticated and authorized by the time a request gets here.
/// A POST: (1) read the body once, bounded, (2) serve its message, or each of a batch, (3) record, in <c>finally</c>.
/// </summary>
internal sealed class McpIngress(
    ClientSessionStore sessions,
    SessionSignals signals,
    UpstreamSessionCloser upstream,
    MessageReader reader,
    MessageHandler messages,
    BatchHandler batches,
    SessionStreamEndpoint streams,
    RequestLenses lenses,
    McpRecorder recorder)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Yarp.ReverseProxy.Model.RouteModel>()?.Config.Metadata?.ContainsKey(IngressRoutes.IngressMetadata) != true)
        {
            await next(context);
            return;
        }

        if (!lenses.TrySet(context))
            await Problem(context, StatusCodes.Status404NotFound, "There is no such toolset; everything is at /mcp.");
        else if (HttpMethods.IsPost(context.Request.Method))
            await recorder.RecordAsync(context, record => PostAsync(context, record, next));
        else if (ProtocolVersion.Find(context.Request.Headers[McpHeaders.ProtocolVersion].ToString())?.Era == Era.Modern)
            await NotAllowed(context, "POST");
        else if (HttpMethods.IsGet(context.Request.Method))
            await streams.GetAsync(context);
        else if (HttpMethods.IsDelete(context.Request.Method))
            await DeleteAsync(context);
        else
            await NotAllowed(context, "GET, POST, DELETE");
    }

    private async Task PostAsync(HttpContext context, McpRecord record, RequestDelegate next)
    {
        switch (await reader.ReadAsync(context.Request, context.RequestAborted))
        {
            case MessageRead.Refused refused:
                await record.RefuseAsync(default, refused.Error, context.RequestAborted);
                break;
            case MessageRead.Many { Body: var body }:
                using (body)
                    await batches.HandleAsync(context, record, body.WrittenMemory, next);
                break;
            case MessageRead.One { Body: var body }:
                using (body)
                    await messages.HandleAsync(context, record, body.WrittenMemory, next);
                break;
        }
    }

    private async Task DeleteAsync(HttpContext context)
    {
        switch (await NamedSession.FindAsync(context, sessions))
        {
            case NamedSession.None:
                await Problem(context, StatusCodes.Status400BadRequest, $"The header {McpHeaders.SessionId} is missing.");
                break;
            case NamedSession.Found found when await EndAsync(context, found.Session):
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            default:
                await Problem(context, StatusCodes.Status404NotFound, "There is no such session.");
                break;
        }
    }

    /// <summary>Once the session is gone, what follows from it is done whether or not the client waits. False when another request ended it first.</summary>
    private async Task<bool> EndAsync(HttpContext context, ClientSession session)
    {
        var caller = context.GetCaller();
        if (!await sessions.EndAsync(caller, session.Id, context.RequestAborted))
            return false;
        await signals.SendAsync(new SessionSignal(SessionSignalKind.Ended, SessionKey.Of(caller, session.Id)), CancellationToken.None);
        await upstream.FollowAsync(caller, session, context, CancellationToken.None);
        return true;
    }

    private static Task NotAllowed(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return Problem(context, StatusCodes.Status405MethodNotAllowed, "Send MCP messages by POST.");
    }

    private static Task Problem(HttpContext context, int status, string detail) =>
        TypedResults.Problem(statusCode: status, detail: detail).ExecuteAsync(context);
}
