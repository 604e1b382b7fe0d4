using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Cortex.Cli.Stdio.Connection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Cortex.Cli.Stdio;

/// <summary>
/// Passes the client's lines on to the gateway and what the gateway sends back as lines. Requests run side by side; <c>initialize</c>, notifications and answers go one after
/// the other, each when the gateway has taken the one before. Whatever goes wrong with a request is its answer, and the bridge goes on.
/// </summary>
internal sealed partial class StdioBridge : IAsyncDisposable
{
    /// <summary>How long requests may take to end after the client has closed its input.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly GatewayTransports _transports;
    private readonly TextReader _input;
    private readonly OutputLines _output;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly GatewayLink _link;
    private readonly PendingRequests _pending = new();
    private readonly MirroredTools _mirrored = new();
    private readonly Channel<JsonRpcMessage> _turns = Channel.CreateUnbounded<JsonRpcMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _ending = new();

    public StdioBridge(GatewayTransports transports, Stream input, Stream output, TimeProvider time, ILogger log)
    {
        (_transports, _time, _log) = (transports, time, log);
        _input = new StreamReader(input, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        _output = new OutputLines(output);
        _link = new GatewayLink(transports, ReceiveAsync, log);
    }

    /// <summary>Runs until the client closes its input or does not read any more.</summary>
    /// <param name="cancellationToken">Ends it at once.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stopping = cancellationToken.Register(_ending.Cancel);
        var dispatching = DispatchAsync();
        try
        {
            // A read of the console can't be cancelled: it is left alone when the bridge ends.
            while (await _input.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(_ending.Token) is { } line)
            {
                if (!string.IsNullOrWhiteSpace(line))
                    await TakeAsync(line);
            }

            _turns.Writer.Complete();
            await Task.WhenAll(dispatching, _pending.DrainAsync()).WaitAsync(Grace, _time, _ending.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException)
        {
            // The client has gone, or does not wait: what is under way ends with the session.
        }

        _turns.Writer.TryComplete();
        await _ending.CancelAsync();
        await dispatching;
    }

    public async ValueTask DisposeAsync()
    {
        _transports.SignIn.Close();
        await _link.DisposeAsync();
        _output.Dispose();
        _input.Dispose();
        _ending.Dispose();
    }

    private async Task TakeAsync(string line)
    {
        switch (InputLine.Read(line))
        {
            case InputLine.Refused refused:
                await WriteAsync(_output.WriteErrorAsync(refused.Id, refused.Code, refused.Problem));
                break;
            case InputLine.Message { Content: JsonRpcRequest request } when _pending.Add(request) is null:
                await WriteAsync(_output.WriteErrorAsync(default, McpErrorCode.InvalidRequest, $"The id '{request.Id}' belongs to a request that is not answered yet. Give each request an id of its own."));
                break;
            case InputLine.Message { Content: JsonRpcNotification { Method: NotificationMethods.CancelledNotification } cancelled } when Cancelled(cancelled) is { } pending:
                if (pending.IsModern)
                    _ = CancelAsync(pending);
                else
                    Forget(pending, cancelled);
                break;
            case InputLine.Message { Content: var message }:
                _turns.Writer.TryWrite(message);
                break;
        }
    }

    private PendingRequests.Pending? Cancelled(JsonRpcNotification notification) => notification.Params.Member("requestId") switch
    {
        { } id when id.Text() is { } text => _pending.Find(new RequestId(text)),
        JsonValue value when value.TryGetValue<long>(out var number) => _pending.Find(new RequestId(number)),
        _ => null,
    };

    /// <summary>Over HTTP, closing its stream cancels a request of 2026-07-28. Who signs in meanwhile is not interrupted.</summary>
    private async Task CancelAsync(PendingRequests.Pending pending)
    {
        await _transports.SignIn.IdleAsync();
        pending.Cancel();
    }

    /// <summary>Before 2026-07-28 the gateway is told.</summary>
    private void Forget(PendingRequests.Pending pending, JsonRpcNotification cancelled)
    {
        pending.Forget();
        _turns.Writer.TryWrite(cancelled);
    }

    private async Task DispatchAsync()
    {
        var running = new List<Task>();
        await foreach (var message in _turns.Reader.ReadAllAsync())
        {
            running.RemoveAll(task => task.IsCompleted);
            if (_ending.IsCancellationRequested)
                break;
            switch (message)
            {
                case JsonRpcRequest { Method: RequestMethods.Initialize } request:
                    await AskAsync(request);
                    break;
                case JsonRpcRequest request:
                    running.Add(AskAsync(request));
                    break;
                default:
                    await TellAsync(message);
                    break;
            }
        }

        await Task.WhenAll(running);
    }

    private async Task AskAsync(JsonRpcRequest request)
    {
        if (_pending.Find(request.Id) is not { } pending)
            return;
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(pending.Cancelled, _ending.Token);
        try
        {
            _mirrored.Prepare(request);
            await _link.SendAsync(request, cancelling.Token);
        }
        catch (OperationCanceledException) when (cancelling.IsCancellationRequested)
        {
            _pending.Remove(request.Id);
        }
        catch (Exception exception)
        {
            var problem = GatewayFaults.Describe(exception, _transports.Options);
            if (problem is null)
                Log.Failed(_log, request.Method, exception);
            if (!pending.IsUnwanted)
                await WriteAsync(_output.WriteErrorAsync(request.Id, McpErrorCode.InternalError, problem ?? $"The bridge to the gateway failed: {exception.Message} Its log says more."));
            _pending.Remove(request.Id);
        }
    }

    private async Task TellAsync(JsonRpcMessage message)
    {
        try
        {
            await _link.SendAsync(message, _ending.Token);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The bridge ends.
        }
        catch (Exception exception)
        {
            // There is nobody to answer; a request that waits for this is answered for itself.
            var what = message is JsonRpcNotification notification ? notification.Method : "an answer";
            var problem = GatewayFaults.Describe(exception, _transports.Options) ?? exception.Message;
            Log.NotTold(_log, what, problem);
        }
    }

    private async Task ReceiveAsync(JsonRpcMessage message)
    {
        if (message is not (JsonRpcResponse or JsonRpcError))
        {
            await WriteAsync(_output.WriteAsync(message));
            return;
        }

        var id = ((JsonRpcMessageWithId)message).Id;
        if (message is JsonRpcResponse { Result: var result } && _pending.Find(id)?.Request.Method == RequestMethods.ToolsList)
            _mirrored.Learn(result);
        await WriteAsync(_output.WriteAsync(message));
        _pending.Remove(id);
    }

    private async Task WriteAsync(Task writing)
    {
        try
        {
            await writing;
        }
        catch (IOException)
        {
            // Nobody reads any more.
            await _ending.CancelAsync();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(9203, LogLevel.Error, "{Method} failed", EventName = "stdio.failed")]
        public static partial void Failed(ILogger logger, string method, Exception exception);

        [LoggerMessage(9204, LogLevel.Warning, "{Message} did not reach the gateway: {Problem}", EventName = "stdio.not_told")]
        public static partial void NotTold(ILogger logger, string message, string problem);
    }
}
