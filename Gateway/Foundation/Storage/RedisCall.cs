using StackExchange.Redis;

namespace Cortex.Foundation.Storage;

/// <summary>Waits for Redis and turns its failures into the one exception that callers of the shared state know.</summary>
internal static class RedisCall
{
    public static async Task<T> RunAsync<T>(string what, Task<T> operation, CancellationToken cancellationToken)
    {
        try
        {
            return await operation.WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            throw new SharedStateException($"Shared state: Redis did not {what}: {Reason(exception)}", exception);
        }
    }

    // The library's own messages carry keys and a page of statistics: they go to the log with the inner exception, not into the message.
    private static string Reason(Exception exception) => exception switch
    {
        RedisServerException => "it refused the command.",
        RedisConnectionException => "it can't be reached. Check the server and the network.",
        ObjectDisposedException => "the connection is closed.",
        _ => "it did not answer in time. Check its load and the network.",
    };
}
