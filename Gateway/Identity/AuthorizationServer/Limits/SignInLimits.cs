using Cortex.Governance.Limits;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.AuthorizationServer.Limits;

/// <summary><c>limits.signIns</c>: forms of every sign-in method, by address and network.</summary>
internal sealed class SignInLimits(RateLimiter limiter, IOptionsMonitor<LimitsOptions> options)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>The limit that the request is over; null when there is none.</summary>
    public async ValueTask<LimitDecision.Refused?> FindRefusalAsync(HttpContext context)
    {
        var limits = options.CurrentValue.SignIns;
        var from = ClientAddress.Of(context);
        var ofAddress = LimitRule.Per("signIns.address", limits.AddressPerMinute, Minute);
        var ofNetwork = LimitRule.Per("signIns.network", limits.NetworkPerMinute, Minute);
        return await limiter.TakeAsync(ofAddress, from.Address, context.RequestAborted) as LimitDecision.Refused
            ?? await limiter.TakeAsync(ofNetwork, from.Network, context.RequestAborted) as LimitDecision.Refused;
    }
}
