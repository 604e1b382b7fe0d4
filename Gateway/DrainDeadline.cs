using Cortex.Foundation.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Cortex;

/// <summary>
/// Cuts every connection that is still open when <c>gateway.drain.deadline</c> has passed since the stop, so that each call ends, is audited, and leaves
/// the host time for the rest of the stop.
/// </summary>
internal sealed class DrainDeadline : IDisposable
{
    private readonly CancellationTokenSource _passed;
    private readonly CancellationTokenRegistration _stopping;

    public DrainDeadline(IHostApplicationLifetime lifetime, IOptionsMonitor<GatewayOptions> options, TimeProvider time)
    {
        var passed = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _passed = passed;
        _stopping = lifetime.ApplicationStopping.Register(() => passed.CancelAfter(options.CurrentValue.Drain.Deadline));
    }

    /// <summary>Runs one connection, until the deadline at most.</summary>
    public async Task RunAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        await using var cut = _passed.Token.Register(() => connection.Abort(new ConnectionAbortedException("The gateway stops, and gateway.drain.deadline has passed.")));
        await next(connection);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _passed.Dispose();
    }
}
