using Cortex.Foundation.Model;
using Cortex.Governance.Limits;
using Cortex.Identity.Entitlements;
using Cortex.Mcp.Wire;
using Microsoft.Extensions.Options;

namespace Cortex.Mcp;

/// <summary>
/// Holds callers and clients to <c>limits.requests</c>, once they are known and before anything of the body is read: 429 with
/// <c>Retry-After</c>, and a JSON-RPC error without an id, since the id is in the body. A request counts once, whatever it carries.
/// </summary>
internal sealed class RequestLimits(RequestDelegate next, RateLimiter limiter, IOptionsMonitor<LimitsOptions> options)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<CallerFeature>()?.Caller is not { } caller
            || !context.Request.Path.StartsWithSegments("/mcp", StringComparison.OrdinalIgnoreCase)
            || await FindRefusalAsync(caller, context.RequestAborted) is not { } refused)
        {
            await next(context);
            return;
        }

        LimitRefusal.Refuse(context, refused);
        var era = ProtocolVersion.Find(context.Request.Headers[McpHeaders.ProtocolVersion].ToString())?.Era ?? Era.Legacy;
        var traceId = System.Diagnostics.Activity.Current?.TraceId.ToHexString();
        await McpReplies.WriteErrorAsync(context.Response, default, McpError.TooManyRequests(refused.RetryAfterSeconds, era), traceId, context.RequestAborted);
    }

    private async ValueTask<LimitDecision.Refused?> FindRefusalAsync(Caller caller, CancellationToken cancellationToken)
    {
        var limits = options.CurrentValue.Requests;
        var ofCaller = new LimitRule("requests.caller", limits.PerMinute, Window, limits.Burst);
        var ofClient = new LimitRule("requests.client", limits.ClientPerMinute, Window, limits.ClientBurst);
        return await limiter.TakeAsync(ofCaller, caller.Owner, cancellationToken) as LimitDecision.Refused
            ?? await limiter.TakeAsync(ofClient, $"{caller.Issuer}|{caller.ClientId}", cancellationToken) as LimitDecision.Refused;
    }
}
