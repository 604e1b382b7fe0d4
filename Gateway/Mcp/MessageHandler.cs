using Cortex.Foundation.Model;
using Cortex.Identity.Entitlements;
using Cortex.Mcp.Wire;
using Cortex.Sessions;

namespace Cortex.Mcp;

/// <summary>Serves one message: (1) parse it, (2) choose the era, (3) find the session, (4) dispatch.</summary>
internal sealed class MessageHandler(ClientSessionStore sessions, McpDispatcher dispatcher)
{
    /// <summary>How many containers may be open at once in a message.</summary>
    public const int MaxDepth = 64;

    /// <summary>Serves the only message of a request.</summary>
    public async Task HandleAsync(HttpContext context, McpRecord record, ReadOnlyMemory<byte> bytes, RequestDelegate next)
    {
        if (await ReadAsync(context, record, bytes) is not { } message)
            return;
        switch (EraSelector.Select(message, context.Request.Headers))
        {
            case EraDecision.Refused refused:
                await record.RefuseAsync(message.Id, refused.Error, context.RequestAborted);
                break;
            case EraDecision.Modern modern:
                await DispatchAsync(context, record, message, modern.Version, null, next);
                break;
            case EraDecision.Legacy legacy when message.Method == "initialize":
                await DispatchAsync(context, record, message, legacy.Version, null, next);
                break;
            case EraDecision.Legacy legacy:
                await HandleLegacyAsync(context, record, message, legacy.Version, next);
                break;
        }
    }

    /// <summary>Serves a message out of a batch, whose client was found to be of 2025-03-26.</summary>
    public async Task HandleInBatchAsync(HttpContext context, McpRecord record, ReadOnlyMemory<byte> bytes, ClientSession? session, RequestDelegate next)
    {
        if (await ReadAsync(context, record, bytes) is not { } message)
            return;
        if (EraSelector.Select(message, context.Request.Headers) is EraDecision.Refused refused)
            await record.RefuseAsync(message.Id, refused.Error, context.RequestAborted);
        else if (message.Method == "initialize")
            await record.RefuseAsync(message.Id, new McpError(400, McpError.InvalidRequest, "initialize must not be part of a batch; send it by itself."), context.RequestAborted);
        else
            await DispatchAsync(context, record, message, ProtocolVersion.V20250326, session, next);
    }

    private static async ValueTask<McpMessage?> ReadAsync(HttpContext context, McpRecord record, ReadOnlyMemory<byte> bytes)
    {
        record.RequestBytes = bytes.Length;
        var fault = McpMessage.TryRead(bytes, MaxDepth, out var message, out var id);
        if (message is null)
            await record.RefuseAsync(id, new McpError(400, fault.Code, fault.Describe()), context.RequestAborted);
        else
            record.Open(message);
        return message;
    }

    /// <summary>A session id must name a session of this caller; without one, the request is served statelessly.</summary>
    private async Task HandleLegacyAsync(HttpContext context, McpRecord record, McpMessage message, ProtocolVersion version, RequestDelegate next)
    {
        switch (await NamedSession.FindAsync(context, sessions))
        {
            case NamedSession.Unknown:
                await record.RefuseAsync(message.Id, NamedSession.Unknown.Error, context.RequestAborted);
                break;
            case NamedSession.Found found:
                await DispatchAsync(context, record, message, found.Session.Version, found.Session, next);
                break;
            default:
                await DispatchAsync(context, record, message, version, null, next);
                break;
        }
    }

    private Task DispatchAsync(
        HttpContext context, McpRecord record, McpMessage message, ProtocolVersion version, ClientSession? session, RequestDelegate next)
    {
        if (context.GetLens().Fault is { } fault)
            return record.RefuseAsync(message.Id, fault, context.RequestAborted);
        var exchange = new McpExchange(context, context.GetCaller(), message, version, session, record.Operation);
        record.Follow(exchange);
        return dispatcher.DispatchAsync(exchange, next);
    }
}
