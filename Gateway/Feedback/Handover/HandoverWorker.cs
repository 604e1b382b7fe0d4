using System.Data.Common;
using System.Threading.Channels;
using Cortex.Foundation.Model;

namespace Cortex.Feedback.Handover;

/// <summary>
/// Passes tickets on behind the callers' backs. A backend must see the caller's own credential, and none is kept: so tickets go out while the caller's token
/// lives (a few attempts, each four times later), and else when the caller is next here, on whichever replica. The rows survive both.
/// </summary>
internal sealed partial class HandoverWorker(HandoverSender sender, TimeProvider time, ILogger<HandoverWorker> logger) : BackgroundService
{
    private const int MaxVisits = 10_000;
    private const int Attempts = 5;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);

    private readonly Channel<Caller> _visits = Channel.CreateBounded<Caller>(new BoundedChannelOptions(MaxVisits) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly Dictionary<string, Errand> _due = [];

    /// <summary>The caller is here and has tickets that wait. Returns at once.</summary>
    public void Visit(Caller caller) => _visits.Writer.TryWrite(caller);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await WaitAsync(stoppingToken);
            while (_visits.Reader.TryRead(out var caller))
                _due[Reporter.Of(caller).Owner] = new Errand(caller, 0, time.GetUtcNow());
            var ready = _due.Where(entry => entry.Value.At <= time.GetUtcNow()).ToArray();
            foreach (var (owner, _) in ready)
                _due.Remove(owner);
            foreach (var failed in (await Task.WhenAll(ready.Select(entry => TryAsync(entry.Value, stoppingToken)))).OfType<Errand>())
                _due.TryAdd(Reporter.Of(failed.Caller).Owner, failed);
        }
    }

    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        if (_due.Count == 0)
        {
            await _visits.Reader.WaitToReadAsync(stoppingToken);
            return;
        }

        var wait = _due.Values.Min(errand => errand.At) - time.GetUtcNow();
        if (wait <= TimeSpan.Zero)
            return;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await Task.WhenAny(_visits.Reader.WaitToReadAsync(either.Token).AsTask(), Task.Delay(wait, time, either.Token));
        await either.CancelAsync();
        stoppingToken.ThrowIfCancellationRequested();
    }

    /// <summary>Null when nothing is left to try for now.</summary>
    private async Task<Errand?> TryAsync(Errand errand, CancellationToken stoppingToken)
    {
        try
        {
            if (errand.Caller.ExpiresAt <= time.GetUtcNow() || await sender.SendAsync(errand.Caller, stoppingToken))
                return null;
        }
        catch (DbException exception)
        {
            Log.NotPassedOn(logger, exception);
        }

        return errand.Attempt + 1 >= Attempts ? null : new Errand(errand.Caller, errand.Attempt + 1, time.GetUtcNow() + (FirstRetry * Math.Pow(4, errand.Attempt)));
    }

    private sealed record Errand(Caller Caller, int Attempt, DateTimeOffset At);

    private static partial class Log
    {
        [LoggerMessage(4501, LogLevel.Warning, "Tickets could not be passed to their backends; they are tried again", EventName = "ticket.not_passed_on")]
        public static partial void NotPassedOn(ILogger logger, Exception exception);
    }
}
