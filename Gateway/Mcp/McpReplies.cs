using System.Buffers;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Observability;
using Cortex.Mcp.Streams;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp;

/// <summary>Writes whole JSON replies to the client.</summary>
internal sealed class McpReplies(EraWire wire)
{
    /// <summary>Writes a result with status 200.</summary>
    public async ValueTask WriteResultAsync(McpExchange exchange, ResultContent content, CancellationToken cancellationToken)
    {
        using var buffer = new PooledBuffer(content.Members.Length + 512);
        wire.WriteResult(buffer, exchange.Era, exchange.Message.Id.Span, content, exchange.Lens.Toolset);
        exchange.ResponseBytes += buffer.Length;
        await WriteAsync(exchange.Http.Response, StatusCodes.Status200OK, buffer, cancellationToken);
    }

    /// <summary>
    /// Tells the agent that a forwarded method failed: a tool call by a tool result, any other by a JSON-RPC error, since only tools have
    /// results that say so.
    /// </summary>
    public ValueTask WriteFailureAsync(McpExchange exchange, string text, CancellationToken cancellationToken) =>
        WriteFailureAsync(exchange, text, default, cancellationToken);

    /// <summary>The same, with <paramref name="data"/> (raw JSON) for an error.</summary>
    public async ValueTask WriteFailureAsync(McpExchange exchange, string text, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (exchange.Message.Method == "tools/call")
            await WriteResultAsync(exchange, ToolResults.Error(text, exchange.TraceId), cancellationToken);
        else
            exchange.ResponseBytes += await WriteErrorAsync(exchange.Http.Response, exchange.Message.Id, FailureError(text) with { Data = data }, exchange.TraceId, cancellationToken);
    }

    /// <summary>Answers with a JSON-RPC error and notes the failure.</summary>
    public static async ValueTask RejectAsync(McpExchange exchange, McpError error, CancellationToken cancellationToken)
    {
        exchange.Fail(error.Code, error.Message);
        var id = exchange.Message.Kind == JsonRpcKind.Request ? exchange.Message.Id : default;
        exchange.ResponseBytes += await WriteErrorAsync(exchange.Http.Response, id, error, exchange.TraceId, cancellationToken);
    }

    /// <summary>A cancelled request gets no answer: an event stream without an event, where the client is still there.</summary>
    public static void WriteNothing(McpExchange exchange)
    {
        exchange.Fail(McpFailure.Cancelled, "cancelled");
        if (!exchange.Http.Response.HasStarted)
            EventStreamWriter.SetHead(exchange.Http);
    }

    /// <summary>The same as one event of a stream that has begun.</summary>
    public void WriteFailureEvent(PooledBuffer output, McpExchange exchange, string text)
    {
        output.Write("event: message\ndata: "u8);
        if (exchange.Message.Method == "tools/call")
        {
            wire.WriteResult(output, exchange.Era, exchange.Message.Id.Span, ToolResults.Error(text, exchange.TraceId), exchange.Lens.Toolset);
        }
        else
        {
            WriteError(output, exchange.Message.Id.Span, FailureError(text), exchange.TraceId);
        }

        output.Write("\n\n"u8);
    }

    private static McpError FailureError(string text) => new(StatusCodes.Status200OK, McpError.InternalError, text);

    private static void WriteError(PooledBuffer output, ReadOnlySpan<byte> id, McpError error, string? traceId)
    {
        var data = error.Data.IsEmpty && traceId is not null ? (byte[])[(byte)'{', .. ToolResults.TraceMeta(traceId), (byte)'}'] : error.Data;
        JsonRpcErrorWriter.Write(output, id, error.Code, error.Message, data.Span);
    }

    /// <summary>Writes a JSON-RPC error under the error's own status; <c>data</c> holds the trace id where the error has none of its own.</summary>
    /// <param name="response">Where to.</param>
    /// <param name="id">The request's id, raw.</param>
    /// <param name="error">What to say.</param>
    /// <param name="traceId">Trace id to quote to an operator, or null.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <returns>The number of bytes written.</returns>
    public static async ValueTask<int> WriteErrorAsync(
        HttpResponse response, ReadOnlyMemory<byte> id, McpError error, string? traceId, CancellationToken cancellationToken)
    {
        using var buffer = new PooledBuffer(512);
        WriteError(buffer, id.Span, error, traceId);
        await WriteAsync(response, error.Status, buffer, cancellationToken);
        return buffer.Length;
    }

    private static async ValueTask WriteAsync(HttpResponse response, int status, PooledBuffer body, CancellationToken cancellationToken)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body.WrittenMemory, cancellationToken);
    }
}
