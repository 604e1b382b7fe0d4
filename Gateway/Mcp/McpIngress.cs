using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Foundation.Observability;
using Cortex.Identity.Entitlements;
using Cortex.Mcp.Streams;
using Cortex.Mcp.Wire;
using Cortex.Sessions;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Cortex.Mcp;

/// <summary>
/// The MCP layer inside YARP's pipeline. The caller is authenticated and authorized by the time a request gets here.
/// (1) Read the body once, bounded, (2) parse it, (3) choose the era, (4) find the session, (5) dispatch, (6) record, in <c>finally</c>.
/// </summary>
internal sealed class McpIngress(
    ClientSessionStore sessions,
    SessionSignals signals,
    McpDispatcher dispatcher,
    SessionStreamEndpoint streams,
    McpRecorder recorder,
    IOptionsMonitor<GatewayOptions> options,
    TimeProvider time)
{
    private const int MaxDepth = 64;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Yarp.ReverseProxy.Model.RouteModel>()?.Config.Metadata?.ContainsKey(IngressRoutes.IngressMetadata) != true)
        {
            await next(context);
            return;
        }

        if (context.Request.RouteValues.ContainsKey(IngressRoutes.ToolsetValue))
            await Problem(context, StatusCodes.Status404NotFound, "There is no such toolset; everything is at /mcp.");
        else if (HttpMethods.IsPost(context.Request.Method))
            await PostAsync(context, next);
        else if (HttpMethods.IsGet(context.Request.Method))
            await streams.GetAsync(context);
        else if (HttpMethods.IsDelete(context.Request.Method))
            await DeleteAsync(context);
        else
            await NotAllowed(context);
    }

    private async Task PostAsync(HttpContext context, RequestDelegate next)
    {
        var operation = McpOperation.Start(McpSide.Server, time);
        operation.HttpProtocol = context.Request.Protocol;
        var entry = recorder.Begin(context, operation);
        try
        {
            await HandleAsync(context, entry, next);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            entry.Fail(McpFailure.Cancelled, "cancelled");
        }
        catch (ConnectionResetException)
        {
            entry.Fail(McpFailure.Cancelled, "cancelled");
        }
        catch (BadHttpRequestException exception)
        {
            await RefuseAsync(context, entry, default, new McpError(exception.StatusCode, McpError.InvalidRequest, $"The body can't be read: {exception.Message}"));
        }
        catch
        {
            entry.Fail(McpFailure.Internal, "error", "internal error");
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            throw;
        }
        finally
        {
            recorder.End(entry);
        }
    }

    private async Task HandleAsync(HttpContext context, McpRecord entry, RequestDelegate next)
    {
        if (!context.Request.HasJsonContentType())
        {
            await RefuseAsync(context, entry, default, new McpError(415, McpError.InvalidRequest, "The Content-Type must be application/json."));
            return;
        }

        var maxBytes = options.CurrentValue.MaxBodyBytes;
        using var body = await RequestBody.ReadAsync(context.Request, maxBytes, context.RequestAborted);
        if (body is null)
        {
            await RefuseAsync(context, entry, default, new McpError(413, McpError.InvalidRequest, $"The message is larger than {maxBytes} bytes."));
            return;
        }

        entry.RequestBytes = body.Length;
        var fault = McpMessage.TryRead(body.WrittenMemory, MaxDepth, out var message, out var id);
        if (message is null)
        {
            await RefuseAsync(context, entry, id, new McpError(400, fault.Code, fault.Describe()));
            return;
        }

        entry.Open(message);
        switch (EraSelector.Select(message, context.Request.Headers))
        {
            case EraDecision.Refused refused:
                await RefuseAsync(context, entry, message.Id, refused.Error);
                break;
            case EraDecision.Modern modern:
                await DispatchAsync(context, entry, message, modern.Version, null, next);
                break;
            case EraDecision.Legacy legacy:
                await HandleLegacyAsync(context, entry, message, legacy.Version, next);
                break;
        }
    }

    /// <summary>A session id must name a session of this caller; without one, the request is served statelessly.</summary>
    private async Task HandleLegacyAsync(HttpContext context, McpRecord entry, McpMessage message, ProtocolVersion version, RequestDelegate next)
    {
        var header = context.Request.Headers[McpHeaders.SessionId].ToString();
        ClientSession? session = null;
        if (header.Length > 0 && message.Method != "initialize")
        {
            session = SessionId.TryParse(header, out var id) ? await sessions.FindAsync(context.GetCaller(), id, context.RequestAborted) : null;
            if (session is null)
            {
                await RefuseAsync(context, entry, message.Id, new McpError(404, McpError.InvalidRequest, "There is no such session; initialize a new one."));
                return;
            }
        }

        await DispatchAsync(context, entry, message, session?.Version ?? version, session, next);
    }

    private Task DispatchAsync(
        HttpContext context, McpRecord entry, McpMessage message, ProtocolVersion version, ClientSession? session, RequestDelegate next)
    {
        var exchange = new McpExchange(context, context.GetCaller(), message, version, session, entry.Operation);
        entry.Follow(exchange);
        return dispatcher.DispatchAsync(exchange, next);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        var header = context.Request.Headers[McpHeaders.SessionId].ToString();
        if (ProtocolVersion.Find(context.Request.Headers[McpHeaders.ProtocolVersion].ToString())?.Era == Era.Modern)
            await NotAllowed(context);
        else if (header.Length == 0)
            await Problem(context, StatusCodes.Status400BadRequest, $"The header {McpHeaders.SessionId} is missing.");
        else if (SessionId.TryParse(header, out var id) && await sessions.EndAsync(context.GetCaller(), id, context.RequestAborted))
        {
            await signals.SendAsync(new SessionSignal(SessionSignalKind.Ended, SessionKey.Of(context.GetCaller(), id)), context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else
            await Problem(context, StatusCodes.Status404NotFound, "There is no such session.");
    }

    private static async Task RefuseAsync(HttpContext context, McpRecord entry, ReadOnlyMemory<byte> id, McpError error)
    {
        entry.Fail(error.Code, error.Message);
        entry.ResponseBytes = await McpReplies.WriteErrorAsync(context.Response, id, error, entry.Operation.TraceId, context.RequestAborted);
    }

    private static Task NotAllowed(HttpContext context)
    {
        context.Response.Headers.Allow = "GET, POST, DELETE";
        return Problem(context, StatusCodes.Status405MethodNotAllowed, "Send MCP messages by POST.");
    }

    private static Task Problem(HttpContext context, int status, string detail) =>
        TypedResults.Problem(statusCode: status, detail: detail).ExecuteAsync(context);
}
