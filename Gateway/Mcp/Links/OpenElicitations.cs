using System.Collections.Immutable;
using System.Threading.Channels;
using Cortex.Identity.Callers;
using Cortex.Identity.Vault;
using Cortex.Sessions;

namespace Cortex.Mcp.Links;

/// <summary>
/// Remembers which sessions were told to have an account linked, and tells them, on their own streams, once it is: <c>notifications/elicitation/complete</c> is the
/// business of the client that was asked, and of no other. A replica remembers what it told, for <see cref="Remembered"/>; the notification is a courtesy. Thread-safe.
/// </summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation#completion-notifications-for-url-mode-elicitation"/></remarks>
internal sealed class OpenElicitations(GrantListeners grants, SessionSignals signals, TimeProvider time) : BackgroundService
{
    private const int MaxGrants = 10_000;
    private const int MaxOfOne = 16;
    private const int MaxWaiting = 1024;

    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    private readonly ExpiringCache<GrantKey, Asked> _asked = new(MaxGrants, time);
    private readonly Channel<Asked> _done = Channel.CreateBounded<Asked>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly Lock _gate = new();

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        grants.Changed += Take;
        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        grants.Changed -= Take;
        return base.StopAsync(cancellationToken);
    }

    /// <summary>A session was told of an elicitation.</summary>
    public void Note(GrantKey grant, SessionKey session, string elicitationId)
    {
        lock (_gate)
        {
            var before = _asked.TryGet(grant, out var asked) ? asked.Of : [];
            _asked.Set(grant, new Asked([.. before.TakeLast(MaxOfOne - 1), (session, elicitationId)]), time.GetUtcNow() + Remembered);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var asked in _done.Reader.ReadAllAsync(stoppingToken))
        {
            foreach (var (session, id) in asked.Of)
                await signals.SendAsync(new SessionSignal(SessionSignalKind.Elicited, session, id), stoppingToken);
        }
    }

    private void Take(GrantKey grant, GrantChange change)
    {
        if (change != GrantChange.Linked)
            return;
        lock (_gate)
        {
            if (!_asked.TryGet(grant, out var asked))
                return;
            _asked.Remove(grant);
            _done.Writer.TryWrite(asked);
        }
    }

    private sealed record Asked(ImmutableArray<(SessionKey Session, string Id)> Of);
}
