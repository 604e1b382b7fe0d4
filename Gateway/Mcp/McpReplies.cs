using System.Buffers;
using Cortex.Foundation.JsonRpc;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp;

/// <summary>Writes whole JSON replies to the client.</summary>
internal sealed class McpReplies(EraWire wire)
{
    /// <summary>Writes a result with status 200.</summary>
    public async ValueTask WriteResultAsync(McpExchange exchange, ResultContent content, CancellationToken cancellationToken)
    {
        using var buffer = new PooledBuffer(content.Members.Length + 512);
        wire.WriteResult(buffer, exchange.Era, exchange.Message.Id.Span, content);
        exchange.ResponseBytes += buffer.Length;
        await WriteAsync(exchange.Http.Response, StatusCodes.Status200OK, buffer, cancellationToken);
    }

    /// <summary>
    /// Tells the agent that a forwarded method failed: a tool call by a tool result, any other by a JSON-RPC error, since only tools have
    /// results that say so.
    /// </summary>
    public async ValueTask WriteFailureAsync(McpExchange exchange, string text, CancellationToken cancellationToken)
    {
        if (exchange.Message.Method == "tools/call")
            await WriteResultAsync(exchange, ToolResults.Error(text, exchange.TraceId), cancellationToken);
        else
            exchange.ResponseBytes += await WriteErrorAsync(exchange.Http.Response, exchange.Message.Id, FailureError(exchange, text), cancellationToken);
    }

    /// <summary>The same as one event of a stream that has begun.</summary>
    public void WriteFailureEvent(IBufferWriter<byte> output, McpExchange exchange, string text)
    {
        output.Write("event: message\ndata: "u8);
        if (exchange.Message.Method == "tools/call")
        {
            wire.WriteResult(output, exchange.Era, exchange.Message.Id.Span, ToolResults.Error(text, exchange.TraceId));
        }
        else
        {
            var error = FailureError(exchange, text);
            JsonRpcErrorWriter.Write(output, exchange.Message.Id.Span, error.Code, error.Message, error.Data.Span);
        }

        output.Write("\n\n"u8);
    }

    private static McpError FailureError(McpExchange exchange, string text) => new(
        StatusCodes.Status200OK,
        McpError.InternalError,
        text,
        exchange.TraceId is null ? default : (byte[])[.. "{\"traceId\":"u8, .. JsonText.Quote(exchange.TraceId), .. "}"u8]);

    /// <summary>Writes a JSON-RPC error under the error's own status.</summary>
    /// <returns>The number of bytes written.</returns>
    public static async ValueTask<int> WriteErrorAsync(HttpResponse response, ReadOnlyMemory<byte> id, McpError error, CancellationToken cancellationToken)
    {
        using var buffer = new PooledBuffer(512);
        JsonRpcErrorWriter.Write(buffer, id.Span, error.Code, error.Message, error.Data.Span);
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
