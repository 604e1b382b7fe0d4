using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Cortex.Cli.Stdio.Connection;

/// <summary>One connection to the gateway, of one session or of none: what comes is handed on in its order, but for answers to the bridge's own requests.</summary>
internal sealed class GatewayConnection : IAsyncDisposable
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    private readonly ITransport _transport;
    private readonly Func<JsonRpcMessage, Task> _received;
    private readonly Action<GatewayConnection> _lost;
    private readonly ConcurrentDictionary<RequestId, TaskCompletionSource<JsonRpcMessage>> _own = new();
    private readonly Task _pumping;
    private volatile bool _isLost;
    private volatile bool _isLeaving;

    /// <param name="transport">The connection; disposed with this.</param>
    /// <param name="received">Takes each message.</param>
    /// <param name="lost">Called once when the gateway has ended the session.</param>
    public GatewayConnection(ITransport transport, Func<JsonRpcMessage, Task> received, Action<GatewayConnection> lost)
    {
        (_transport, _received, _lost) = (transport, received, lost);
        _pumping = PumpAsync();
    }

    /// <summary>True once nothing can be sent on it any more.</summary>
    public bool IsLost => _isLost;

    /// <summary>Sends a message; for a request, until its answer was handed on.</summary>
    /// <exception cref="SessionUnknownException">The gateway does not know the session, and has done nothing.</exception>
    /// <exception cref="SessionLostException">The session ended while the request was under way.</exception>
    public async Task SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await _transport.SendMessageAsync(message, cancellationToken);
        }
        catch (HttpRequestException exception) when (exception.StatusCode == HttpStatusCode.NotFound && _transport.SessionId is not null)
        {
            _isLost = true;
            throw new SessionUnknownException(exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            _isLost = true;
            throw new SessionLostException("The gateway lost the session while this request was under way; it may have been carried out. Ask again if that does no harm.", exception);
        }
    }

    /// <summary>Sends a request of the bridge's own, and gives its answer.</summary>
    public async Task<JsonRpcMessage> AskAsync(string method, JsonNode? parameters, CancellationToken cancellationToken)
    {
        var id = new RequestId($"cortex-stdio-{Guid.NewGuid():N}");
        var answer = _own[id] = new TaskCompletionSource<JsonRpcMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await SendAsync(new JsonRpcRequest { Id = id, Method = method, Params = parameters }, cancellationToken);
            return await answer.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            _own.TryRemove(id, out _);
        }
    }

    /// <summary>Ends the session at the gateway, if that is to be had in a moment.</summary>
    public async ValueTask DisposeAsync()
    {
        _isLeaving = true;
        try
        {
            await _transport.DisposeAsync().AsTask().WaitAsync(Farewell);
            await _pumping;
        }
        catch (TimeoutException)
        {
            // The gateway does not answer; it ends the session by itself later.
        }
    }

    private async Task PumpAsync()
    {
        try
        {
            await foreach (var message in _transport.MessageReader.ReadAllAsync())
            {
                if (message is JsonRpcResponse or JsonRpcError && _own.TryRemove(((JsonRpcMessageWithId)message).Id, out var waiting))
                    waiting.TrySetResult(message);
                else
                    await _received(message);
            }
        }
        catch (ClientTransportClosedException)
        {
            // Its reason is the session's end, said below, or that the bridge leaves.
        }

        _isLost = true;
        if (!_isLeaving)
            _lost(this);
    }
}
