using Cortex.Governance.Limits;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.AuthorizationServer.SignIn.MagicLink;

/// <summary><c>limits.magicLinks</c>: by address and network of whoever asks, by recipient, and in total, so that nobody sends floods of mail by this server.</summary>
internal sealed class MagicLinkLimits(RateLimiter limiter, IOptionsMonitor<LimitsOptions> options)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>The limit that one more mail is over; null when there is none.</summary>
    public async ValueTask<LimitDecision.Refused?> FindRefusalAsync(HttpContext context, EmailAddress recipient)
    {
        var limits = options.CurrentValue.MagicLinks;
        var from = ClientAddress.Of(context);
        return await TakeAsync(LimitRule.Per("magicLinks.address", limits.AddressPerHour, Hour), from.Address)
            ?? await TakeAsync(LimitRule.Per("magicLinks.network", limits.NetworkPerHour, Hour), from.Network)
            ?? await TakeAsync(LimitRule.Per("magicLinks.recipient", limits.RecipientPerHour, Hour), recipient.Value)
            ?? await TakeAsync(LimitRule.Per("magicLinks.total", limits.PerDay, TimeSpan.FromDays(1)), "all");

        async ValueTask<LimitDecision.Refused?> TakeAsync(LimitRule rule, string subject) =>
            await limiter.TakeAsync(rule, subject, context.RequestAborted) as LimitDecision.Refused;
    }
}
