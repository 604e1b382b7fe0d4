using System.Buffers;
using Cortex.Backends;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Observability;
using Cortex.Mcp.Wire;
using Cortex.Sessions;

namespace Cortex.Mcp.Batches;

/// <summary>
/// Serves a batch: (1) only a client of 2025-03-26 may send one, (2) it is taken apart, within bounds, (3) each element is served as a message of its
/// own, and answered in order; with nothing to answer the reply is 202.
/// </summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2025-03-26/basic/transports#sending-messages-to-the-server"/></remarks>
internal sealed partial class BatchHandler(ClientSessionStore sessions, MessageHandler messages, McpRecorder recorder, ILogger<BatchHandler> logger)
{
    /// <summary>Most messages that one batch may hold.</summary>
    public const int MaxMessages = 64;

    public async Task HandleAsync(HttpContext context, McpRecord record, ReadOnlyMemory<byte> bytes, RequestDelegate next)
    {
        var session = await NamedSession.FindAsync(context, sessions);
        ByteRange[] elements = [];
        if ((BatchPolicy.Check(context.Request.Headers, session) ?? Split(bytes, out elements)) is { } error)
        {
            record.RequestBytes = bytes.Length;
            await record.RefuseAsync(default, error, context.RequestAborted);
            return;
        }

        record.LeaveToElements();
        var reply = new BatchReply(context.Response);
        foreach (var element in elements)
        {
            await AnswerAsync(context, reply, element.Of(bytes), (session as NamedSession.Found)?.Session, next);
            if (context.RequestAborted.IsCancellationRequested)
                return;
        }

        await reply.EndAsync(context.RequestAborted);
    }

    private async Task AnswerAsync(HttpContext context, BatchReply reply, ReadOnlyMemory<byte> bytes, ClientSession? session, RequestDelegate next)
    {
        using var answer = new PooledBuffer();
        using (var scope = new ElementScope(context))
            await recorder.RecordAsync(context, record => ServeAsync(context, scope, record, bytes, session, answer, next));
        if (answer.Length > 0)
            await reply.AddAsync(answer.WrittenMemory, context.RequestAborted);
    }

    /// <summary>Serves one element; a request that came to no answer, or to too long a one, is answered with an error.</summary>
    private async Task ServeAsync(
        HttpContext context, ElementScope scope, McpRecord record, ReadOnlyMemory<byte> bytes, ClientSession? session, PooledBuffer answer, RequestDelegate next)
    {
        var hasFailed = false;
        scope.Reply.Limit = () => record.Item is { Backend: { Kind: BackendKind.Mcp } backend } ? backend.Options.MaxReplyBytes : null;
        try
        {
            await messages.HandleInBatchAsync(context, record, bytes, session, next);
        }
        catch (OperationCanceledException) when (scope.Lifetime.IsAborted && !scope.IsClientGone)
        {
            // The reply was given up; what follows says so.
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !scope.IsClientGone)
        {
            // The answers of the other elements are good all the same.
            Log.Failed(logger, exception);
            hasFailed = true;
        }

        var given = scope.Lifetime.IsAborted || hasFailed ? default : await scope.TakeAnswerAsync();
        if (!given.IsEmpty)
        {
            answer.Write(given.Span);
        }
        else if (record.Message is { Kind: JsonRpcKind.Request } message && !scope.IsClientGone)
        {
            var text = (hasFailed, scope.Reply.IsTooLong) switch
            {
                (true, _) => "The gateway failed at this request; its log says more.",
                (_, true) => "The answer is larger than the backend may give within a batch; send this request by itself.",
                _ => "The backend's reply broke off before its end. It may have been done all the same; check before calling again.",
            };
            record.Fail(hasFailed ? McpFailure.Internal : McpFailure.BadReply, "error", text);
            JsonRpcErrorWriter.Write(answer, message.Id.Span, McpError.InternalError, text, default);
        }
    }

    private static McpError? Split(ReadOnlyMemory<byte> bytes, out ByteRange[] elements)
    {
        Span<ByteRange> ranges = stackalloc ByteRange[MaxMessages];
        var fault = JsonRpcBatch.TrySplit(bytes.Span, MessageHandler.MaxDepth, ranges, out var count);
        elements = fault.IsNone ? ranges[..count].ToArray() : [];
        return fault.Kind switch
        {
            JsonRpcFaultKind.TooMany => new McpError(400, fault.Code, $"The batch holds more than {MaxMessages} messages; send fewer at a time."),
            JsonRpcFaultKind.NotABatch => new McpError(400, fault.Code, "The batch is empty; send one JSON-RPC object per message."),
            JsonRpcFaultKind.None when elements.Any(element => bytes.Span[element.Start] == '[') =>
                new McpError(400, McpError.InvalidRequest, "A batch must not hold another one; send its messages side by side."),
            JsonRpcFaultKind.None => null,
            _ => new McpError(400, fault.Code, fault.Describe()),
        };
    }

    private static partial class Log
    {
        [LoggerMessage(5301, LogLevel.Error, "A message of a batch failed.", EventName = "batch.failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
