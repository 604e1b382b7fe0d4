using System.Runtime.InteropServices;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Observability;
using Microsoft.Extensions.Options;

namespace Cortex;

/// <summary>
/// Stops the gateway when the process is told to (SIGTERM, SIGINT, SIGQUIT):
/// 1. readiness fails at once, while all is served as before for <c>gateway.drain.delay</c>; a second signal ends that wait;
/// 2. the application stops: connections are no longer accepted, standing streams end, calls go on;
/// 3. what still runs after <c>gateway.drain.deadline</c> is cut by <see cref="DrainDeadline"/>.
/// </summary>
internal sealed partial class DrainingLifetime(
    IHostApplicationLifetime lifetime,
    IHostEnvironment environment,
    Readiness readiness,
    IOptionsMonitor<GatewayOptions> options,
    TimeProvider time,
    ILogger<DrainingLifetime> logger) : IHostLifetime, IDisposable
{
    private readonly PosixSignal[] _signals = [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT];
    private readonly List<IDisposable> _held = [];
    private ITimer? _delay;
    private int _heard;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _held.AddRange(_signals.Select(signal => PosixSignalRegistration.Create(signal, OnSignal)));
        _held.Add(lifetime.ApplicationStarted.Register(() => Log.Started(logger, environment.EnvironmentName, environment.ContentRootPath)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var held in _held)
            held.Dispose();
        _delay?.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        readiness.Drain();
        var delay = options.CurrentValue.Drain.Delay;
        if (Interlocked.Increment(ref _heard) > 1 || delay == TimeSpan.Zero || !lifetime.ApplicationStarted.IsCancellationRequested)
        {
            lifetime.StopApplication();
            return;
        }

        Log.Draining(logger, context.Signal, delay);
        _delay = time.CreateTimer(_ => lifetime.StopApplication(), null, delay, Timeout.InfiniteTimeSpan);
    }

    private static partial class Log
    {
        [LoggerMessage(2, LogLevel.Information, "Hosting environment: {Environment}. Content root path: {Path}", EventName = "gateway.started")]
        public static partial void Started(ILogger logger, string environment, string path);

        [LoggerMessage(3, LogLevel.Information, "{Signal}: /readyz says 503 from now on; connections are accepted for {Delay} more", EventName = "gateway.draining")]
        public static partial void Draining(ILogger logger, PosixSignal signal, TimeSpan delay);
    }
}
