using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Cortex.Mcp.Batches;

/// <summary>Gives a request another response and another lifetime for as long as one element of a batch is served, and then its own again.</summary>
internal sealed class ElementScope : IDisposable
{
    private readonly IFeatureCollection _features;
    private readonly IHttpResponseFeature _response;
    private readonly IHttpResponseBodyFeature _body;
    private readonly IHttpRequestLifetimeFeature _lifetime;
    private readonly StreamResponseBodyFeature _elementBody;

    public ElementScope(HttpContext context)
    {
        _features = context.Features;
        _response = _features.GetRequiredFeature<IHttpResponseFeature>();
        _body = _features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _lifetime = _features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        var head = new HttpResponseFeature();
        Lifetime = new ElementLifetime(_lifetime);
        Reply = new ElementReply(head.Headers);
        _elementBody = new StreamResponseBodyFeature(Reply);
        _features.Set<IHttpResponseFeature>(head);
        _features.Set<IHttpResponseBodyFeature>(_elementBody);
        _features.Set<IHttpRequestLifetimeFeature>(Lifetime);
        _features.Set<IForwarderErrorFeature>(null);
    }

    public ElementLifetime Lifetime { get; }

    public ElementReply Reply { get; }

    /// <summary>True when there is nobody left to answer.</summary>
    public bool IsClientGone => _lifetime.RequestAborted.IsCancellationRequested;

    /// <summary>The element's JSON-RPC response, valid until the scope ends; empty when none was given.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> TakeAnswerAsync()
    {
        await _elementBody.CompleteAsync();
        return Reply.Answer;
    }

    public void Dispose()
    {
        _features.Set(_response);
        _features.Set(_body);
        _features.Set(_lifetime);
        Reply.Dispose();
        Lifetime.Dispose();
    }
}
