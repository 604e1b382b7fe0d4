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

    /// <summary>Writes the result as one event of a stream that has begun.</summary>
    public void WriteEvent(IBufferWriter<byte> output, McpExchange exchange, ResultContent content)
    {
        output.Write("event: message\ndata: "u8);
        wire.WriteResult(output, exchange.Era, exchange.Message.Id.Span, content);
        output.Write("\n\n"u8);
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
        var data = error.Data.IsEmpty && traceId is not null ? (byte[])[(byte)'{', .. ToolResults.TraceMeta(traceId), (byte)'}'] : error.Data;
        JsonRpcErrorWriter.Write(buffer, id.Span, error.Code, error.Message, data.Span);
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
