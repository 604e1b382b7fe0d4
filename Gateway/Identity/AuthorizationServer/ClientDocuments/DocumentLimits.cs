using Cortex.Governance.Limits;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.AuthorizationServer.ClientDocuments;

/// <summary><c>limits.clientDocuments</c>: nobody makes the gateway knock at many doors.</summary>
internal sealed class DocumentLimits(RateLimiter limiter, IOptionsMonitor<LimitsOptions> options)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>True when one more document may be fetched for a request from <paramref name="address"/>.</summary>
    public async ValueTask<bool> AllowAsync(ClientAddress address, CancellationToken cancellationToken)
    {
        var limits = options.CurrentValue.ClientDocuments;
        return await IsWithinAsync(LimitRule.Per("clientDocuments.address", limits.AddressPerMinute, Minute), address.Address)
            && await IsWithinAsync(LimitRule.Per("clientDocuments.total", limits.PerMinute, Minute), "all");

        async ValueTask<bool> IsWithinAsync(LimitRule rule, string subject) =>
            await limiter.TakeAsync(rule, subject, cancellationToken) is LimitDecision.Within;
    }
}
