using System.Buffers;
using Cortex.Builtins;
using Cortex.Catalog;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Observability;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Own;

/// <summary>Answers calls of builtin tools and reads of <c>cortex://</c> resources.</summary>
internal sealed class BuiltinCalls(BuiltinSet builtins, InnerRequests inner, McpReplies replies)
{
    private static readonly CacheHint NotCached = new(TimeSpan.Zero, IsPrivate: true);

    /// <param name="exchange">The call.</param>
    /// <param name="item">The builtin.</param>
    /// <param name="dispatch">Serves another message of the same request.</param>
    public async Task AnswerAsync(McpExchange exchange, CatalogItem item, Func<McpExchange, Task> dispatch)
    {
        exchange.BeAbout(item);
        var aborted = exchange.Http.RequestAborted;
        var call = new BuiltinCall(
            exchange.Caller, exchange.Http, exchange.Message.Raw(McpMembers.Arguments), exchange.Shown, (method, parameters, ending) => inner.SendAsync(exchange, method, parameters, dispatch, ending));
        if (item.Kind != CatalogKind.Tool)
        {
            await ReadAsync(exchange, call, aborted);
            return;
        }

        switch (await builtins.Tool(item.OriginalName).CallAsync(call, aborted))
        {
            case BuiltinResult.Value value:
                await replies.WriteResultAsync(exchange, ToolResults.Value(value.Json, value.Content), aborted);
                break;
            case BuiltinResult.Failed failed:
                exchange.Fail(McpFailure.ToolError, "error");
                await replies.WriteFailureAsync(exchange, failed.Text, aborted);
                break;
        }
    }

    private async Task ReadAsync(McpExchange exchange, BuiltinCall call, CancellationToken cancellationToken)
    {
        var uri = PublicUri.OriginalFor(exchange.Item!.Backend.Id, exchange.Message.Text(McpMembers.Uri)!);
        if (builtins.FindResource(uri) is not { } resource || await resource.ReadAsync(uri, call, cancellationToken) is not { } text)
        {
            await McpReplies.RejectAsync(exchange, McpError.NoSuchResource(uri, exchange.Era), cancellationToken);
            return;
        }

        using var members = new PooledBuffer(text.Length + 256);
        members.Write("\"contents\":[{\"uri\":"u8);
        JsonText.WriteString(members, uri);
        members.Write(",\"mimeType\":\"text/markdown\",\"text\":"u8);
        JsonText.WriteString(members, text);
        members.Write("}]"u8);
        await replies.WriteResultAsync(exchange, new ResultContent(members.WrittenSpan.ToArray(), Caching: NotCached), cancellationToken);
    }
}
