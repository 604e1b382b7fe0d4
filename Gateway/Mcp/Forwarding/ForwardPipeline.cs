using Cortex.Backends;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace Cortex.Mcp.Forwarding;

/// <summary>Hands a call to YARP: reassigns route and cluster, swaps the request body, and restores the client's features afterwards.</summary>
internal sealed class ForwardPipeline(IProxyStateLookup proxy)
{
    /// <summary>Runs the rest of YARP's pipeline for <paramref name="call"/>; false when the backend is not configured any more.</summary>
    public async Task<bool> RunAsync(BackendCall call, ForwardLifetime lifetime, IHttpResponseBodyFeature? replyBody, RequestDelegate next)
    {
        var context = call.Exchange.Http;
        var backend = call.Backend.Id;
        if (!proxy.TryGetRoute(BackendRoutes.RouteId(backend), out var route) || !proxy.TryGetCluster(backend.Value, out var cluster))
            return false;

        var features = context.Features;
        var outerLifetime = features.Get<IHttpRequestLifetimeFeature>();
        var outerReset = features.Get<IHttpResetFeature>();
        var outerBody = features.Get<IHttpResponseBodyFeature>();
        var outerRequestBody = context.Request.Body;

        // A copy: when a call fails, the HTTP client may still read the body after the pooled buffer beneath it is gone.
        using var body = new MemoryStream(call.Body.ToArray(), writable: false);
        features.Set(call);
        features.Set<IHttpRequestLifetimeFeature>(lifetime);
        features.Set<IHttpResetFeature>(lifetime);
        features.Set(replyBody ?? outerBody);
        context.Request.Body = body;
        context.Request.ContentLength = body.Length;
        try
        {
            context.ReassignProxyRequest(route, cluster);
            if (call.Destination is { } destination)
                Pin(context.GetReverseProxyFeature(), destination);
            await next(context);
            return true;
        }
        finally
        {
            context.Request.Body = outerRequestBody;
            features.Set(outerBody);
            features.Set(outerReset);
            features.Set(outerLifetime);
            features.Set<BackendCall>(null);
        }
    }

    /// <summary>Makes the response look untouched again after a forward that failed before its first byte.</summary>
    public static void ResetResponse(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.Headers.ContentType = default;
        response.ContentLength = null;
        response.HttpContext.Features.Get<IHttpResponseFeature>()!.ReasonPhrase = null;
        response.HttpContext.Features.Set<Yarp.ReverseProxy.Forwarder.IForwarderErrorFeature>(null);
    }

    private static void Pin(IReverseProxyFeature feature, string destination) =>
        feature.AvailableDestinations = [.. feature.AllDestinations.Where(candidate => candidate.DestinationId == destination)];
}
