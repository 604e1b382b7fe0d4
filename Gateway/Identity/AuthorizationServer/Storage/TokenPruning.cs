using System.Data.Common;
using OpenIddict.Abstractions;

namespace Cortex.Identity.AuthorizationServer.Storage;

/// <summary>
/// Clears tokens and grants that can do nothing any more. What was redeemed is kept for as long as a refresh token lives, so that a
/// second use of an old one is still recognised. Any number of replicas may do this at once.
/// </summary>
internal sealed partial class TokenPruning(IServiceScopeFactory scopes, TimeProvider time, ILogger<TokenPruning> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(6);
    private static readonly TimeSpan Kept = ServerSetup.RefreshTokenLifetime + TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await PruneAsync(stoppingToken);
    }

    /// <summary>One round.</summary>
    public async Task PruneAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var before = time.GetUtcNow() - Kept;
            var tokens = await scope.ServiceProvider.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(before, cancellationToken);
            var grants = await scope.ServiceProvider.GetRequiredService<IOpenIddictAuthorizationManager>().PruneAsync(before, cancellationToken);
            Log.Pruned(logger, tokens, grants);
        }
        catch (Exception exception) when (exception is DbException or AggregateException)
        {
            // The next round tries again; nothing depends on this one.
            Log.NotPruned(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4100, LogLevel.Debug, "{Tokens} tokens and {Grants} grants were cleared", EventName = "authorization.pruned")]
        public static partial void Pruned(ILogger logger, long tokens, long grants);

        [LoggerMessage(4101, LogLevel.Warning, "Old tokens could not be cleared; the next round tries again", EventName = "authorization.not_pruned")]
        public static partial void NotPruned(ILogger logger, Exception exception);
    }
}
