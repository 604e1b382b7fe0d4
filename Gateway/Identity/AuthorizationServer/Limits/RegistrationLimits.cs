using Cortex.Governance.Limits;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.AuthorizationServer.Limits;

/// <summary><c>limits.registrations</c>: by address, by network, and in total, so that no flood fills the database.</summary>
internal sealed class RegistrationLimits(RateLimiter limiter, IOptionsMonitor<LimitsOptions> options)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>The limit that the request is over; null when there is none.</summary>
    public async ValueTask<LimitDecision.Refused?> FindRefusalAsync(HttpContext context)
    {
        var limits = options.CurrentValue.Registrations;
        var from = ClientAddress.Of(context);
        return await TakeAsync(LimitRule.Per("registrations.address", limits.AddressPerHour, Hour), from.Address)
            ?? await TakeAsync(LimitRule.Per("registrations.network", limits.NetworkPerHour, Hour), from.Network)
            ?? await TakeAsync(LimitRule.Per("registrations.total", limits.PerDay, TimeSpan.FromDays(1)), "all");

        async ValueTask<LimitDecision.Refused?> TakeAsync(LimitRule rule, string subject) =>
            await limiter.TakeAsync(rule, subject, context.RequestAborted) as LimitDecision.Refused;
    }
}
