using Cortex.Cli.Stdio.SignIn;
using ModelContextProtocol.Protocol;

namespace Cortex.Cli.Stdio.Connection;

/// <summary>
/// The gateway's end of the bridge. A request of either era goes as it is. A session that the gateway has lost (404) is begun anew, as the specification has its clients do;
/// the client on stdio knows of no session, so nothing of it shows but that lists are said to have changed. What was under way in the lost session ends in an error.
/// </summary>
/// <param name="transports">Makes connections.</param>
/// <param name="received">Takes each message for the client.</param>
/// <param name="log">Where reconnections are told.</param>
internal sealed partial class GatewayLink(GatewayTransports transports, Func<JsonRpcMessage, Task> received, ILogger log) : IAsyncDisposable
{
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private volatile GatewayConnection? _connection;
    private volatile Handshake? _handshake;
    private volatile Task _renewing = Task.CompletedTask;

    /// <summary>Sends a message; for a request, until its answer was handed on.</summary>
    public async Task SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        if (message is JsonRpcRequest { Method: RequestMethods.Initialize } initialize)
            await BeginAsync(initialize, cancellationToken);
        for (var isFirst = true; ; isFirst = false)
        {
            var connection = await ReadyAsync(cancellationToken);
            try
            {
                await connection.SendAsync(message, cancellationToken);
                _handshake?.Taken(message);
                return;
            }
            catch (SessionUnknownException) when (isFirst)
            {
                // Nothing was done with the message, so it may go again. An answer or a cancellation has lost what it was about.
                if (message is not JsonRpcRequest and not JsonRpcNotification { Method: not NotificationMethods.CancelledNotification })
                    return;
            }
            catch (RegistrationGoneException) when (isFirst)
            {
                await RegisterAnewAsync(connection, cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _renewing;
        if (_connection is { } connection)
            await connection.DisposeAsync();
        _changing.Dispose();
        _closing.Dispose();
    }

    /// <summary>A client begins: what was there of an earlier beginning ends.</summary>
    private Task BeginAsync(JsonRpcRequest initialize, CancellationToken cancellationToken) => ChangeAsync(
        async () =>
        {
            _handshake = new Handshake(initialize);
            await ReplaceAsync(await OpenAsync(cancellationToken));
        },
        cancellationToken);

    private Task RegisterAnewAsync(GatewayConnection refused, CancellationToken cancellationToken) => ChangeAsync(
        async () =>
        {
            if (_connection != refused)
                return;
            await transports.RegisterAnewAsync();
            await ReplaceAsync(await RestoredAsync(cancellationToken));
        },
        cancellationToken);

    /// <summary>The connection, begun anew when it is lost.</summary>
    private async Task<GatewayConnection> ReadyAsync(CancellationToken cancellationToken)
    {
        if (_connection is not { IsLost: false })
        {
            await ChangeAsync(
                async () =>
                {
                    if (_connection is not { IsLost: false })
                        await ReplaceAsync(await RestoredAsync(cancellationToken));
                },
                cancellationToken);
        }

        return _connection!;
    }

    private async Task<GatewayConnection> RestoredAsync(CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(cancellationToken);
        if (_handshake is not { IsDone: true } handshake)
            return connection;
        try
        {
            foreach (var change in await handshake.RepeatAsync(connection, cancellationToken))
                await received(change);
            Log.SessionBegunAnew(log);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task<GatewayConnection> OpenAsync(CancellationToken cancellationToken) =>
        new(await transports.ConnectAsync(cancellationToken), ReceiveAsync, Lost);

    private async Task ReplaceAsync(GatewayConnection connection)
    {
        var old = _connection;
        _connection = connection;
        if (old is not null)
            await old.DisposeAsync();
    }

    private Task ReceiveAsync(JsonRpcMessage message)
    {
        _handshake?.Note(message);
        return received(message);
    }

    /// <summary>The stream of the session said that it is over: the client is to hear of changes again.</summary>
    private void Lost(GatewayConnection connection)
    {
        if (connection == _connection && !_closing.IsCancellationRequested)
            _renewing = RenewAsync();
    }

    private async Task RenewAsync()
    {
        try
        {
            await ReadyAsync(_closing.Token);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The client's next message tries again, and is told what is wrong then.
            if (!_closing.IsCancellationRequested)
                Log.SessionNotBegun(log, exception.Message);
        }
    }

    private async Task ChangeAsync(Func<Task> change, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            await change();
        }
        finally
        {
            _changing.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(9201, LogLevel.Warning, "The gateway had lost the session; another was begun in its place", EventName = "stdio.session_begun_anew")]
        public static partial void SessionBegunAnew(ILogger logger);

        [LoggerMessage(9202, LogLevel.Warning, "The gateway has lost the session, and another could not be begun yet: {Problem}", EventName = "stdio.session_not_begun")]
        public static partial void SessionNotBegun(ILogger logger, string problem);
    }
}
