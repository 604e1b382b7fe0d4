using Cortex.Governance.Limits;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.Callers;

/// <summary>
/// <c>limits.refusedTokens</c>: whoever tries tokens gets no further answer from then on, not even to a right one; those whose tokens are in use don't
/// notice, at the same address neither.
/// </summary>
internal sealed class RefusedTokenLimits(RateLimiter limiter, IOptionsMonitor<LimitsOptions> options)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private LimitRule OfAddress => LimitRule.Per("refusedTokens.address", options.CurrentValue.RefusedTokens.AddressPerMinute, Minute);

    private LimitRule OfNetwork => LimitRule.Per("refusedTokens.network", options.CurrentValue.RefusedTokens.NetworkPerMinute, Minute);

    /// <summary>The limit that the request's address is over already; null when there is none.</summary>
    public LimitDecision.Refused? FindRefusal(HttpContext context)
    {
        var from = ClientAddress.Of(context);
        return limiter.FindRefusal(OfAddress, from.Address) ?? limiter.FindRefusal(OfNetwork, from.Network);
    }

    /// <summary>Counts a token that was refused; gives the limit that it is over.</summary>
    public async ValueTask<LimitDecision.Refused?> CountAsync(HttpContext context)
    {
        var from = ClientAddress.Of(context);
        return await limiter.TakeAsync(OfAddress, from.Address, context.RequestAborted) as LimitDecision.Refused
            ?? await limiter.TakeAsync(OfNetwork, from.Network, context.RequestAborted) as LimitDecision.Refused;
    }
}
