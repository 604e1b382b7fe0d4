using System.Net.Http.Headers;
using Cortex.Backends.Contract;
using Cortex.Catalog;
using Cortex.Foundation.Outbound;
using Yarp.ReverseProxy.Transforms;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// A call to a contract backend. Its reply is one bounded JSON value that becomes a tool result, so it is read whole, within the call's one
/// deadline.
/// </summary>
internal sealed class ContractCall(
    McpExchange exchange, CatalogItem item, IReadOnlyList<KeyValuePair<string, string>> credential, ReadOnlyMemory<byte> body, ForwardLifetime lifetime)
    : BackendCall(exchange, item, credential)
{
    public override ReadOnlyMemory<byte> Body => body;

    /// <summary>What the backend answered; null until a reply's head came.</summary>
    public ContractOutcome? Outcome { get; private set; }

    public override async ValueTask OnReplyAsync(ResponseTransformContext context)
    {
        context.SuppressResponseBody = true;
        var reply = context.ProxyResponse!;
        try
        {
            var whole = await reply.Content.ReadBoundedAsync(Backend.Options.MaxReplyBytes, lifetime.RequestAborted);
            Outcome = whole is null
                ? new ContractOutcome.Oversized(Backend.Options.MaxReplyBytes)
                : ContractReply.Read((int)reply.StatusCode, reply.Content.Headers.ContentType?.MediaType, whole);
        }
        catch (OperationCanceledException) when (!lifetime.IsCancelled)
        {
            Outcome = new ContractOutcome.TimedOut(Backend.Options.Timeout);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            Outcome = new ContractOutcome.Unreachable();
        }
    }

    protected override void AddHeaders(HttpRequestHeaders headers) =>
        headers.TryAddWithoutValidation("Accept", "application/json");
}
