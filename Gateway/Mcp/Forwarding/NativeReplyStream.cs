using Cortex.Foundation.JsonRpc;
using Cortex.Mcp.Streams;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// Where YARP copies a native server's reply to: rewrites it as it passes and hands it to the client, chunk by chunk. A JSON reply is held back up to
/// <see cref="HoldBytes"/>, so that a small one that breaks off can still be answered for.
/// </summary>
internal sealed class NativeReplyStream(
    McpExchange exchange, NativeRules rules, InputCheck input, IReadOnlyList<JsonScalarMap> maps, ReadOnlyMemory<byte>[] slots, NativeEvents events, ClientReply client, ForwardLifetime lifetime, TimeSpan idleTimeout)
    : Stream
{
    private const int HoldBytes = 16 * 1024;

    private readonly PooledBuffer _output = new();
    private JsonStreamRewriter? _json;
    private bool _isMalformed;

    /// <summary>True once the answer to the call passed whole.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>True when the reply is not what it claims to be.</summary>
    public bool IsMalformed => _isMalformed || events.IsMalformed;

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
            client.BeginEvents();
        else
            return false;
        return true;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lifetime.AllowSilence(idleTimeout);
        if (!IsMalformed)
            await (_json is null ? events.ReadAsync(buffer) : PassJsonAsync(_json, buffer));
        if (IsMalformed)
            throw new InvalidDataException("The reply is malformed.");
        if (events.IsAnswered || events.AsksForInput)
            lifetime.Settle();
    }

    /// <summary>Ends the reply after YARP has copied it, and hands on what was held back.</summary>
    /// <returns>True when the client has been given the whole answer.</returns>
    public async ValueTask<bool> TryCompleteAsync()
    {
        if (_json is null && events.IsAnswered && !IsAnswered)
        {
            IsAnswered = true;
            Note(events.Message);
        }
        else if (_json is not null && !IsMalformed && _json.Complete().IsNone && IsAnswer(_json) && (client.HasStarted || (!rules.AsksForInput(_json) && input.Passes(_json, _output.WrittenMemory))))
        {
            IsAnswered = true;
            Note(_json);
            await client.WriteJsonAsync(_output.WrittenMemory);
        }

        return IsAnswered;
    }

    /// <summary>True when the server wants input in a way that this client can't give.</summary>
    public bool AsksForInput => events.AsksForInput || input.Undeclared is not null || (_json is not null && rules.AsksForInput(_json));

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
            _output.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask PassJsonAsync(JsonStreamRewriter json, ReadOnlyMemory<byte> part)
    {
        _isMalformed = !json.Write(part.Span, _output).IsNone;
        if (_isMalformed || _output.Length <= HoldBytes)
            return;
        if (input.Asks(json))
        {
            _isMalformed = client.HasStarted || _output.Length > InputCheck.MaxBytes;
            return;
        }

        await client.WriteJsonAsync(_output.WrittenMemory);
        _output.Clear();
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
}
