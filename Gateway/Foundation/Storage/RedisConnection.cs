using Cortex.Foundation.Model;
using StackExchange.Redis;

namespace Cortex.Foundation.Storage;

/// <summary>
/// The connection to Redis. The start is refused when Redis can't be reached within <see cref="ConnectDeadline"/>; a later outage is
/// survived: operations fail with <see cref="SharedStateException"/> until the connection, which is tried again all the time, is back.
/// </summary>
internal sealed class RedisConnection(string connectionString, TimeProvider time) : IPreparation, IAsyncDisposable
{
    /// <summary>How long the start waits for Redis.</summary>
    public static readonly TimeSpan ConnectDeadline = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private ConnectionMultiplexer? _multiplexer;

    public ConnectionMultiplexer Multiplexer =>
        _multiplexer ?? throw new InvalidOperationException("Redis was used before its connection was prepared.");

    /// <summary>Connects.</summary>
    /// <exception cref="SharedStateException">Redis was not reached in time.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        options.AbortOnConnectFail = true;
        options.ClientName ??= "Cortex";
        var started = time.GetTimestamp();
        while (_multiplexer is null)
        {
            try
            {
                _multiplexer = await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(ConnectDeadline, time, cancellationToken);
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                if (time.GetElapsedTime(started) + Pause > ConnectDeadline)
                {
                    var servers = string.Join(", ", options.EndPoints.Select(EndPointCollection.ToString));
                    throw new SharedStateException(
                        $"Redis ({servers}) was not reached within {ConnectDeadline.TotalSeconds:0} s. Check storage.redis: host, port, password, TLS; or leave it empty to run one replica without Redis.",
                        exception);
                }

                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_multiplexer is not null)
        {
            await _multiplexer.DisposeAsync();
        }
    }
}
