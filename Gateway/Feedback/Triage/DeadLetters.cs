using Cortex.Feedback.Webhook;
using Microsoft.Extensions.Options;

namespace Cortex.Feedback.Triage;

/// <summary>Webhook events that were given up: operators see why, and have them tried again.</summary>
internal sealed class DeadLetters(WebhookOutbox outbox, WebhookWorker worker, IOptionsMonitor<TicketsOptions> options)
{
    /// <summary>Oldest first.</summary>
    /// <param name="after">Id of the last one of the page before; null for the first page.</param>
    public Task<IReadOnlyList<WebhookDelivery>> ListAsync(string? after, int most, CancellationToken cancellationToken) =>
        outbox.DeadLettersAsync(after, Math.Clamp(most, 1, TriageDesk.MaxPage), cancellationToken);

    /// <summary>Sends it again, for as long as a new one would be tried; false when there is none with this id.</summary>
    public async Task<bool> RetryAsync(string id, CancellationToken cancellationToken)
    {
        var isThere = await outbox.RetryAsync(id, options.CurrentValue.Webhook.GiveUpAfter, cancellationToken);
        if (isThere)
            worker.Wake();
        return isThere;
    }
}
