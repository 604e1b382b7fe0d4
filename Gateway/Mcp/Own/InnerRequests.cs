using System.Buffers;
using System.Text.Json;
using Cortex.Builtins;
using Cortex.Foundation.JsonRpc;
using Cortex.Mcp.Batches;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Own;

/// <summary>
/// Requests that a builtin makes for its caller. Each is served like an element of a batch: as a message of its own, with the same checks and a record of
/// its own, and its reply is kept in place of being sent.
/// </summary>
internal sealed class InnerRequests(McpRecorder recorder)
{
    /// <summary>Serves a request under the outer one's caller, session and revision.</summary>
    public async Task<InnerReply> SendAsync(
        McpExchange outer, string method, ReadOnlyMemory<byte> parameters, Func<McpExchange, Task> dispatch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var request = Write(outer, method, parameters.Span);
        if (McpMessage.TryRead(request.WrittenMemory, MessageHandler.MaxDepth, out var message, out _) is { IsNone: false } fault)
            return new InnerReply.Error(fault.Describe());
        using var scope = new ElementScope(outer.Http);
        await recorder.RecordAsync(outer.Http, async record =>
        {
            record.RequestBytes = request.Length;
            record.Open(message!);
            var exchange = new McpExchange(outer.Http, outer.Caller, message!, outer.Version, outer.Session, record.Operation);
            record.Follow(exchange);
            scope.Reply.Limit = () => record.Item is { Backend.IsGateway: false } item ? item.Backend.Options.MaxReplyBytes : null;
            try
            {
                await dispatch(exchange);
            }
            catch (OperationCanceledException) when (scope.Lifetime.IsAborted && !scope.IsClientGone)
            {
                // The reply was given up: there is no answer.
            }
        });
        return scope.Lifetime.IsAborted ? NoAnswer(scope) : Read(await scope.TakeAnswerAsync(), scope);
    }

    private static PooledBuffer Write(McpExchange outer, string method, ReadOnlySpan<byte> parameters)
    {
        var request = new PooledBuffer();
        request.Write("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        request.Write(outer.Message.Id.Span);
        request.Write(",\"method\":"u8);
        JsonText.WriteString(request, method);
        request.Write(",\"params\":"u8);
        request.Write(parameters.TrimEnd("} "u8));
        if (outer.Message.Raw(McpMembers.Meta) is { IsEmpty: false } meta)
        {
            request.Write(",\"_meta\":"u8);
            request.Write(meta.Span);
        }

        request.Write("}}"u8);
        return request;
    }

    private static InnerReply Read(ReadOnlyMemory<byte> answer, ElementScope scope)
    {
        if (answer.IsEmpty)
            return NoAnswer(scope);
        using var document = JsonDocument.Parse(answer);
        if (document.RootElement.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.Object)
            return new InnerReply.Result(result.Clone());
        return new InnerReply.Error(
            document.RootElement.TryGetProperty("error", out var error) && error.TryGetProperty("message", out var text) && text.GetString() is { } message
                ? message
                : "The backend's answer is no MCP result.");
    }

    private static InnerReply.Error NoAnswer(ElementScope scope) => new(scope.Reply.IsTooLong
        ? "The answer is larger than the backend may give."
        : "The backend's reply broke off before its end.");
}
