using System.Buffers;
using Cortex.Foundation.JsonRpc;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// Where YARP copies a native server's reply to: rewrites it as it passes and hands it to the client, chunk by chunk. A JSON reply is held back up to
/// <see cref="HoldBytes"/>, so that a small one that breaks off can still be answered for; a stream of events is never held.
/// </summary>
internal sealed class NativeReplyStream(
    McpExchange exchange,
    NativeRules rules,
    IReadOnlyList<JsonScalarMap> maps,
    ReadOnlyMemory<byte>[] slots,
    ForwardLifetime lifetime,
    TimeSpan idleTimeout,
    Stream client) : Stream
{
    private const int HoldBytes = 16 * 1024;

    private readonly PooledBuffer _output = new();
    private JsonStreamRewriter? _json;
    private SseRewriter? _events;
    private bool _isEventCut;

    /// <summary>True once bytes went to the client.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>True when the client is given a stream of events.</summary>
    public bool IsEventStream => _events is not null;

    /// <summary>True once the answer to the call passed whole.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>True when the reply is not what it claims to be.</summary>
    public bool IsMalformed { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Prepares for a reply of this media type; false when it is none that MCP knows.</summary>
    public bool TryBegin(string? mediaType)
    {
        if (string.Equals(mediaType, "application/json", StringComparison.OrdinalIgnoreCase))
            _json = new JsonStreamRewriter(rules.Rules, maps, slots);
        else if (string.Equals(mediaType, "text/event-stream", StringComparison.OrdinalIgnoreCase))
            _events = new SseRewriter(rules.Rules, keepIds: false, maps, slots);
        else
            return false;
        return true;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lifetime.AllowSilence(idleTimeout);
        if (IsMalformed)
            throw new InvalidDataException("The reply is malformed.");
        if (_events is not null)
            await PassEventsAsync(buffer, cancellationToken);
        else if ((IsMalformed = !_json!.Write(buffer.Span, _output).IsNone) is false && _output.Length > HoldBytes)
            await FlushOutputAsync(cancellationToken);
        if (IsMalformed)
            throw new InvalidDataException("The reply is malformed.");
    }

    /// <summary>Ends the reply after YARP has copied it, and hands on what was held back.</summary>
    /// <returns>True when the client has been given the whole answer.</returns>
    public async ValueTask<bool> TryCompleteAsync(CancellationToken cancellationToken)
    {
        if (_json is not null && !IsMalformed)
        {
            IsAnswered = _json.Complete().IsNone && IsAnswer(_json);
            if (IsAnswered)
            {
                Note(_json);
                await FlushOutputAsync(cancellationToken);
            }
        }

        return IsAnswered;
    }

    /// <summary>Writes bytes of the gateway's own behind what has passed.</summary>
    public ValueTask WriteOwnAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _output.Clear();
        if (_isEventCut)
            _output.Write("\n\n"u8);
        _output.Write(bytes.Span);
        return FlushOutputAsync(cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _output.Dispose();
            _events?.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>
    /// Passes whole events on at once, and of an unfinished one only what is too long to hold; what is held of an event that breaks is dropped.
    /// </summary>
    private async ValueTask PassEventsAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        while (!input.IsEmpty && !IsMalformed && !IsAnswered)
        {
            var progress = _events!.Read(input.Span, _output, out var consumed);
            input = input[consumed..];
            IsMalformed = progress == SseProgress.Faulted;
            if (progress == SseProgress.EventEnded && IsAnswer(_events.Message))
            {
                IsAnswered = true;
                Note(_events.Message);
            }

            if (IsMalformed)
                _output.Clear();
            else if (!_events.HasOpenEvent || _output.Length > HoldBytes)
                await FlushOutputAsync(cancellationToken);
        }
    }

    /// <summary>True for a result or an error under an id, whichever it was: the client's own has taken its place.</summary>
    private static bool IsAnswer(JsonStreamRewriter message) =>
        (message.Seen & JsonRpcMembers.Id) != 0 && (message.Seen & (JsonRpcMembers.Result | JsonRpcMembers.Error)) != 0;

    private void Note(JsonStreamRewriter answer)
    {
        if (answer.TryGetCaptured(rules.IsError, out var isError) && JsonText.TryGetBoolean(isError, out var failed) && failed)
            exchange.Fail(Foundation.Observability.McpFailure.ToolError, "error", "the tool reported an error");
        else if (answer.TryGetCaptured(rules.ErrorCode, out var code) && JsonText.TryGetInt64(code, out var number))
            exchange.Fail((int)number);
    }

    private async ValueTask FlushOutputAsync(CancellationToken cancellationToken)
    {
        if (_output.Length == 0)
            return;
        if (!HasStarted)
            Start(exchange.Http.Response);
        _isEventCut = _events?.HasOpenEvent == true;
        exchange.ResponseBytes += _output.Length;
        await client.WriteAsync(_output.WrittenMemory, cancellationToken);
        await client.FlushAsync(cancellationToken);
        _output.Clear();
    }

    private void Start(HttpResponse response)
    {
        HasStarted = true;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = IsEventStream ? "text/event-stream" : "application/json";
        if (!IsEventStream)
            return;
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
    }
}
