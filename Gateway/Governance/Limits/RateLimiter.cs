using System.Diagnostics.Metrics;
using Cortex.Foundation.Observability;

namespace Cortex.Governance.Limits;

/// <summary>
/// Decides whether one more is within a limit: (1) from the share this replica holds, without asking anyone, (2) by drawing the next share
/// from the bucket of all replicas, (3) by this replica's own count while the shared state is away. Thread-safe.
/// </summary>
internal sealed class RateLimiter(SharedBuckets buckets, LimitLeases leases, TimeProvider time)
{
    private static readonly Counter<long> Refusals = Telemetry.Meter.CreateCounter<long>(
        "cortex.limits.refused", "{request}", "Requests turned away because they were over a limit.");

    /// <summary>Counts one more for <paramref name="subject"/>, who is told apart from the subjects of other limits by the rule's name.</summary>
    public async ValueTask<LimitDecision> TakeAsync(LimitRule rule, string subject, CancellationToken cancellationToken)
    {
        if (rule.IsOff)
            return LimitDecision.Allowed;
        var lease = leases.Of(rule, subject);
        var decision = lease.TryDecide(rule, time.GetUtcNow().Ticks) ?? await DrawAsync(rule, subject, lease, cancellationToken);
        if (decision is LimitDecision.Refused)
            Refusals.Add(1, new KeyValuePair<string, object?>("limit", rule.Name));
        return decision;
    }

    /// <summary>
    /// The refusal that one more for <paramref name="subject"/> would meet at this replica, without counting it; null where that is not known to be so.
    /// </summary>
    public LimitDecision.Refused? FindRefusal(LimitRule rule, string subject) =>
        rule.IsOff ? null : leases.Find(rule, subject)?.FindRefusal(rule, time.GetUtcNow().Ticks);

    private async ValueTask<LimitDecision> DrawAsync(LimitRule rule, string subject, LimitLease lease, CancellationToken cancellationToken)
    {
        await lease.Drawing.WaitAsync(cancellationToken);
        try
        {
            if (lease.TryDecide(rule, time.GetUtcNow().Ticks) is { } decision)
                return decision;
            var draw = await buckets.DrawAsync(rule, subject, rule.Share, cancellationToken) ?? DrawAlone(rule, lease);
            return Settle(rule, lease, draw, time.GetUtcNow().Ticks);
        }
        finally
        {
            lease.Drawing.Release();
        }
    }

    private BucketDraw DrawAlone(LimitRule rule, LimitLease lease)
    {
        var draw = TokenBucket.Draw(rule, lease.OwnFullAt, time.GetUtcNow().Ticks, rule.Share);
        if (draw is BucketDraw.Drawn drawn)
            lease.OwnFullAt = drawn.FullAt;
        return draw;
    }

    private static LimitDecision Settle(LimitRule rule, LimitLease lease, BucketDraw draw, long now)
    {
        switch (draw)
        {
            case BucketDraw.Drawn drawn:
                lease.Fill(drawn.Count - 1, now + LimitLeases.Life.Ticks);
                return LimitDecision.Allowed;
            case BucketDraw.Empty empty:
                lease.Drain(now + empty.Wait.Ticks);
                return new LimitDecision.Refused(rule.Name, empty.Wait);
            default:
                throw new InvalidOperationException($"No decision follows from {draw}.");
        }
    }
}
