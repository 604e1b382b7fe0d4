using System.Data.Common;
using Cortex.Foundation.Storage;
using Cortex.Governance.Audit;
using Cortex.Identity.Callers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;

namespace Cortex.Identity.AuthorizationServer.Registration;

/// <summary>
/// Deletes clients that made themselves known and are not used, with their grants, tokens and consents: those that never got a token in time, and
/// those whose last one is long ago. One replica at a time does it.
/// </summary>
internal sealed partial class ClientExpiry(
    IServiceScopeFactory scopes,
    ClientUses uses,
    ISharedState state,
    AuditLog audit,
    IOptionsMonitor<IdentityOptions> identity,
    TimeProvider time,
    ILogger<ClientExpiry> logger) : BackgroundService
{
    private const int Batch = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await RunAsync(stoppingToken);
    }

    /// <summary>One round; none when another replica is at it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var held = await state.TryLockAsync("client-expiry", Lease, cancellationToken);
            if (held is not null)
                await ExpireAsync(held, cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or DbUpdateException or OpenIddictExceptions.ConcurrencyException or SharedStateException)
        {
            // The next round tries again; what was deleted stays deleted.
            Log.NotExpired(logger, exception);
        }
    }

    private async Task ExpireAsync(SharedLock held, CancellationToken cancellationToken)
    {
        var deleted = 0;
        IReadOnlyList<string> due;
        do
        {
            var options = identity.CurrentValue.AuthorizationServer.Registration;
            var now = time.GetUtcNow();
            due = await uses.FindDueAsync(now - options.FirstUseWithin, now - options.UnusedFor, Batch, cancellationToken);
            foreach (var clientId in due)
                await DeleteAsync(clientId, cancellationToken);
            deleted += due.Count;
        }
        while (due.Count == Batch && await held.TryExtendAsync(Lease, cancellationToken));
        if (deleted > 0)
            Log.Expired(logger, deleted);
    }

    private async Task DeleteAsync(string clientId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (!await scope.ServiceProvider.GetRequiredService<ClientRemoval>().RemoveAsync(clientId, cancellationToken))
            return;
        audit.Record(new AuditRecord
        {
            Event = "auth.unregister",
            Outcome = "ok",
            Time = time.GetUtcNow(),
            ClientId = clientId,
            Detail = "the client was not used",
        });
    }

    private static partial class Log
    {
        [LoggerMessage(4130, LogLevel.Information, "{Count} clients that were not used were deleted", EventName = "clients.expired")]
        public static partial void Expired(ILogger logger, int count);

        [LoggerMessage(4131, LogLevel.Warning, "Clients that were not used could not be deleted; the next round tries again", EventName = "clients.not_expired")]
        public static partial void NotExpired(ILogger logger, Exception exception);
    }
}
