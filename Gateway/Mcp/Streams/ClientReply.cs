using System.Buffers;
using System.Text;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;

namespace Cortex.Mcp.Streams;

/// <summary>
/// The client's end of a forwarded call: JSON, or a stream of events. With a log the events bear ids and are kept, so that a client that
/// lost its connection can come back; without one, or once it is gone, what nobody reads is dropped. A quick call, whose first
/// event is the answer, needs none of that and gets its answer alone. A silent stream is kept alive by comments. Thread-safe.
/// </summary>
internal sealed class ClientReply(McpExchange exchange, EventStreamWriter client, StreamOptions options, StreamLog? log, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Longest event that is kept.</summary>
    public const int MaxKeptEvent = 1024 * 1024;

    private static readonly TimeSpan QuickCall = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RenewEvery = StreamLogs.Lease / 3;

    private readonly SemaphoreSlim _gate = new(1);
    private readonly PooledBuffer _frame = new();
    private PeriodicTimer? _ticks;
    private readonly ClientAbsence _absence = new(options.ResumeWindow, time);

    /// <summary>Ended with the client's connection: while a call is forwarded, the request's own token is another.</summary>
    private readonly CancellationToken _left = exchange.Http.RequestAborted;

    private Task _pulse = Task.CompletedTask;
    private bool _isSettled;
    private StreamLog? _log = log;
    private bool _isEventOpen;
    private bool _isTooLong;
    private long _wroteAt;

    /// <summary>Raised, now and then, once the client of an event stream is gone and can't come back.</summary>
    public event Action? Abandoned;

    /// <summary>True once bytes went to the client.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>True when the client is given a stream of events.</summary>
    public bool IsEventStream { get; private set; }

    /// <summary>The reply is a stream of events: it starts with its first event, or when that takes long.</summary>
    public void BeginEvents()
    {
        if (IsEventStream)
            return;
        IsEventStream = true;
        _wroteAt = time.GetTimestamp();
        if (_isSettled)
            return;
        _ticks = new PeriodicTimer(QuickCall, time);
        _pulse = PulseAsync(_ticks);
    }

    /// <summary>Starts a stream that has begun at once, since its server takes its time.</summary>
    public Task OpenEventsAsync() => AloneAsync(() => _log is null ? Task.CompletedTask : StartEventsAsync());

    /// <summary>Hands on a part of a JSON reply.</summary>
    public async Task WriteJsonAsync(ReadOnlyMemory<byte> part)
    {
        if (!HasStarted)
        {
            HasStarted = true;
            exchange.Http.Response.StatusCode = StatusCodes.Status200OK;
            exchange.Http.Response.ContentType = "application/json";
        }

        await WriteAsync(part);
    }

    /// <summary>Hands on an event, or a part of one that is too long to hold.</summary>
    /// <param name="part">The event's lines, without an id.</param>
    /// <param name="isEnd">True when the event ends here.</param>
    /// <param name="isAnswer">True for the answer, which ends the stream.</param>
    public Task WriteEventAsync(ReadOnlyMemory<byte> part, bool isEnd, bool isAnswer) => AloneAsync(() => WriteEventAloneAsync(part, isEnd, isAnswer));

    /// <summary>Ends an event that broke off, so that another can follow.</summary>
    public Task CutAsync() => AloneAsync(async () =>
    {
        if (_isEventOpen)
            await WriteAsync("\n\n"u8.ToArray());
        _isEventOpen = false;
        _frame.Clear();
    });

    /// <summary>The client wants the answer no more: whoever resumes the stream is told that it has ended.</summary>
    public Task ForgetAsync() => _log is not null && IsEventStream && HasStarted ? _log.EndAsync() : Task.CompletedTask;

    /// <summary>Stops what writes on its own, so that the caller alone decides from here on.</summary>
    public async Task SettleAsync()
    {
        _isSettled = true;
        _ticks?.Dispose();
        await _pulse;
    }

    public async ValueTask DisposeAsync()
    {
        await SettleAsync();
        _gate.Dispose();
        _frame.Dispose();
    }

    private bool HasLeft => client.IsBroken || _left.IsCancellationRequested;

    private async Task WriteEventAloneAsync(ReadOnlyMemory<byte> part, bool isEnd, bool isAnswer)
    {
        if (!HasStarted && isEnd && isAnswer)
            _log = null;
        if (!HasStarted)
            await StartEventsAsync();
        if (_log is null)
        {
            _isEventOpen = !isEnd;
            await WriteAsync(part);
            return;
        }

        var outgoing = part;
        if (!_isEventOpen)
        {
            _frame.Clear();
            _isTooLong = false;
            outgoing = (byte[])[.. Encoding.ASCII.GetBytes($"id: {_log.Next()}\n"), .. part.Span];
        }

        _isEventOpen = !isEnd;
        if (_frame.Length + outgoing.Length > MaxKeptEvent)
            _isTooLong = true;
        else if (!_isTooLong)
            _frame.Write(outgoing.Span);
        var kept = isEnd ? KeepAsync(_log, isAnswer) : Task.CompletedTask;
        await WriteAsync(outgoing);
        await kept;
    }

    private Task KeepAsync(StreamLog log, bool isAnswer)
    {
        if (_isTooLong)
        {
            _frame.Clear();
            if (isAnswer)
                WriteTooLongAnswer(log);
            else
                _frame.Write(Encoding.ASCII.GetBytes($": an event of more than {MaxKeptEvent} bytes was not kept\nid: {log.Last}\n\n"));
        }

        return log.AppendAsync(_frame.WrittenMemory, isAnswer, HasLeft);
    }

    private void WriteTooLongAnswer(StreamLog log)
    {
        _frame.Write(Encoding.ASCII.GetBytes($"id: {log.Last}\nevent: message\ndata: "));
        JsonRpcErrorWriter.Write(
            _frame, exchange.Message.Id.Span, Wire.McpError.InternalError, $"The answer is larger than the {MaxKeptEvent} bytes that are kept for a lost connection. The call was done; read its outcome another way.", default);
        _frame.Write("\n\n"u8);
    }

    private async Task StartEventsAsync()
    {
        if (HasStarted)
            return;
        HasStarted = true;
        EventStreamWriter.SetHead(exchange.Http);
        if (_log is not null && !await _log.TryOpenAsync())
            _log = null;
        if (_log is null)
            return;
        if (exchange.Version == ProtocolVersion.V20251125)
            await WriteAsync(Encoding.ASCII.GetBytes($"id: {_log.Last}\nretry: {(long)options.RetryAfter.TotalMilliseconds}\ndata: \n\n"));
    }

    /// <summary>Every second: starts a stream whose first event takes long, keeps a silent one alive, holds the lease, looks whether the client is gone for good.</summary>
    private async Task PulseAsync(PeriodicTimer ticks)
    {
        var renewedAt = time.GetTimestamp();

        // Disposing the timer ends it without an exception, which would cost every call more than all the rest here.
        while (await ticks.WaitForNextTickAsync())
        {
            if (_log is not null && time.GetElapsedTime(renewedAt) > RenewEvery)
            {
                renewedAt = time.GetTimestamp();
                await _log.RenewAsync();
            }

            await AloneAsync(PulseAloneAsync);
            if (await _absence.IsForGoodAsync(HasLeft, _log))
                Abandoned?.Invoke();
        }
    }

    private async Task PulseAloneAsync()
    {
        if (_log is not null && !HasStarted)
            await StartEventsAsync();
        if (_log is not null)
            await _log.TryFlushAsync();
        if (_isEventOpen || time.GetElapsedTime(_wroteAt) < options.KeepAlive)
            return;
        await StartEventsAsync();
        _wroteAt = time.GetTimestamp();
        await client.TryKeepAliveAsync();
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        _wroteAt = time.GetTimestamp();
        if (await client.TryWriteAsync(bytes))
            exchange.ResponseBytes += bytes.Length;
    }

    private async Task AloneAsync(Func<Task> step)
    {
        await _gate.WaitAsync();
        try
        {
            await step();
        }
        finally
        {
            _gate.Release();
        }
    }
}
