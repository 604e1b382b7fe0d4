using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// Tells passive health checks about a destination that gave no first byte in time: the forwarder sees such a call as cancelled, which
/// would count for nothing. Sits between the health checks and the forwarder.
/// </summary>
internal static class DeadlineHealthMiddleware
{
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Features.Get<IHttpRequestLifetimeFeature>() is not ForwardLifetime { IsEnded: true, IsCancelled: false })
            return;
        if (context.GetForwarderErrorFeature() is { Error: ForwarderError.RequestCanceled } cancelled)
            context.Features.Set<IForwarderErrorFeature>(new DeadlineError(cancelled.Exception));
    }

    private sealed record DeadlineError(Exception? Exception) : IForwarderErrorFeature
    {
        public ForwarderError Error => ForwarderError.RequestTimedOut;
    }
}
