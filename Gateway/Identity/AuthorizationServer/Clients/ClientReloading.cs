using System.Data.Common;
using System.Threading.Channels;
using Cortex.Identity.Callers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;

namespace Cortex.Identity.AuthorizationServer.Clients;

/// <summary>
/// Brings the configured clients into the database before the gateway listens, and again whenever the configuration changes. What fails is tried
/// again until it succeeds; at the start, a database that stays away stops the start.
/// </summary>
internal sealed partial class ClientReloading(
    IServiceScopeFactory scopes, IOptionsMonitor<IdentityOptions> options, TimeProvider time, ILogger<ClientReloading> logger) : BackgroundService
{
    private const int StartAttempts = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private IDisposable? _listening;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _listening = options.OnChange(_ => _changes.Writer.TryWrite(true));
        var attempt = 1;
        while (!await TryAlignAsync(mayFail: attempt++ < StartAttempts, cancellationToken))
        {
            // Another replica starts at the same moment: its changes are seen at once.
        }

        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _listening?.Dispose();
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in _changes.Reader.ReadAllAsync(stoppingToken))
        {
            while (!await TryAlignAsync(mayFail: true, stoppingToken))
                await Task.Delay(Pause, time, stoppingToken);
        }
    }

    private async Task<bool> TryAlignAsync(bool mayFail, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ConfiguredClients>()
                .AlignAsync(options.CurrentValue.AuthorizationServer.Clients, cancellationToken);
            return true;
        }
        catch (Exception exception) when (mayFail && (exception is DbException or DbUpdateException or OpenIddictExceptions.ConcurrencyException))
        {
            Log.Failed(logger, exception);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4113, LogLevel.Warning, "The configured clients could not be written; it is tried again", EventName = "client.not_written")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
