using System.Net.Http.Headers;
using Cortex.Backends;
using Cortex.Catalog;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// One call on its way through YARP: what goes out, and what is made of the reply. It rides on <see cref="HttpContext.Features"/>, where the
/// transforms of the backend's route find it. Nothing of the inbound request goes out but what stands here.
/// </summary>
internal abstract class BackendCall(McpExchange exchange, CatalogItem tool, IReadOnlyList<KeyValuePair<string, string>> credential)
{
    public McpExchange Exchange => exchange;

    public CatalogItem Tool => tool;

    public BackendDefinition Backend => tool.Backend;

    /// <summary>The body that goes out.</summary>
    public abstract ReadOnlyMemory<byte> Body { get; }

    /// <summary>The only destination that may serve the call, or null for any.</summary>
    public virtual string? Destination => null;

    /// <summary>Puts address, headers and credential on the outgoing request.</summary>
    public void Apply(RequestTransformContext context)
    {
        var request = context.ProxyRequest;
        request.RequestUri = RequestUtilities.MakeDestinationAddress(context.DestinationPrefix, Backend.Path, QueryString.Empty);
        if (request.Content is { } content)
        {
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            content.Headers.ContentLength = Body.Length;
        }

        AddHeaders(request.Headers);
        foreach (var (name, value) in credential)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    /// <summary>Reads the reply's head, and the body where it is not streamed.</summary>
    public abstract ValueTask OnReplyAsync(ResponseTransformContext context);

    /// <summary>Adds the headers of the backend's wire.</summary>
    protected abstract void AddHeaders(HttpRequestHeaders headers);
}
