using System.Data.Common;
using Microsoft.Extensions.Options;

namespace Cortex.Feedback.Webhook;

/// <summary>Sends the events of the outbox, one at a time, until none is due. It wakes when this replica wrote one, and looks for those of others and for what is due again.</summary>
internal sealed partial class WebhookWorker(WebhookOutbox outbox, WebhookSender sender, IOptionsMonitor<TicketsOptions> options, TimeProvider time, ILogger<WebhookWorker> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>There is something to send. Returns at once.</summary>
    public void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It will look anyway.
        }
    }

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    /// <summary>Sends what is due; false when nothing was.</summary>
    internal async Task<bool> SendNextAsync(CancellationToken cancellationToken)
    {
        if (await outbox.ClaimAsync(cancellationToken) is not { } delivery)
            return false;
        var webhook = options.CurrentValue.Webhook;
        switch (await sender.SendAsync(delivery, webhook, cancellationToken))
        {
            case WebhookOutcome.Delivered:
                await outbox.DoneAsync(delivery, cancellationToken);
                break;
            case WebhookOutcome.Failed failed:
                var next = failed.IsFinal ? null : WebhookRetry.Next(delivery, webhook.FirstRetry, failed.RetryAfter, time.GetUtcNow(), Random.Shared.NextDouble());
                await outbox.FailedAsync(delivery, failed.Reason, next, cancellationToken);
                if (next is null)
                    Log.GivenUp(logger, delivery.Id, delivery.TicketId, delivery.Attempts, failed.Reason);
                break;
        }

        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await SendNextAsync(stoppingToken))
                {
                }
            }
            catch (DbException exception)
            {
                Log.NoDatabase(logger, exception);
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(_wake.WaitAsync(either.Token), Task.Delay(Pause, time, either.Token));
            await either.CancelAsync();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4510, LogLevel.Warning, "Webhook '{Delivery}' about ticket '{Ticket}' was given up after {Attempts} attempts: {Reason}", EventName = "webhook.given_up")]
        public static partial void GivenUp(ILogger logger, string delivery, string ticket, long attempts, string reason);

        [LoggerMessage(4511, LogLevel.Warning, "The database does not answer; webhooks wait in it", EventName = "webhook.no_database")]
        public static partial void NoDatabase(ILogger logger, Exception exception);
    }
}
