namespace Cortex.Feedback.Webhook;

/// <summary>When a failed event is tried again. The schedule lives in the table, not in a process, so that a restart does not begin it anew.</summary>
internal static class WebhookRetry
{
    private const int MaxDoublings = 30;

    private static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    /// <summary>The wait doubles with each attempt, ±20 % so that many events do not come back at once, and is never shorter than the receiver asks; null: give up.</summary>
    /// <param name="jitter">0 to 1.</param>
    public static DateTimeOffset? Next(WebhookDelivery delivery, TimeSpan first, TimeSpan? retryAfter, DateTimeOffset now, double jitter)
    {
        var wait = TimeSpan.FromTicks((long)Math.Min(Longest.Ticks, first.Ticks * Math.Pow(2, Math.Clamp(delivery.Attempts - 1, 0, MaxDoublings)))) * (0.8 + (0.4 * jitter));
        if (retryAfter > wait)
            wait = retryAfter.Value;
        var end = DateTimeOffset.FromUnixTimeMilliseconds(delivery.GiveUpAt);
        return end - now < wait ? null : now + wait;
    }
}
