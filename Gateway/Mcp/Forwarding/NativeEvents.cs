using System.Buffers;
using System.Text;
using Cortex.Foundation.JsonRpc;
using Cortex.Mcp.Relay;
using Cortex.Mcp.Streams;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// The stream of events in which a native server answers: notifications and requests are taken whole and go through the <see cref="CallRelay"/>, the answer passes in
/// pieces when it is long. What follows the answer is not read.
/// </summary>
internal sealed class NativeEvents(NativeRules rules, InputCheck check, IReadOnlyList<JsonScalarMap> maps, ReadOnlyMemory<byte>[] slots, ClientReply client, CallRelay relay) : IDisposable
{
    private const int HoldBytes = 16 * 1024;
    private const int MaxMessageBytes = 4 * 1024 * 1024;

    private readonly SseRewriter _events = new(rules.Rules, keepIds: false, maps, slots);
    private readonly PooledBuffer _held = new();
    private bool _isPartPassed;

    /// <summary>What was seen of the latest event; of the answer, once <see cref="IsAnswered"/>.</summary>
    public JsonStreamRewriter Message => _events.Message;

    /// <summary>True once the answer to the call passed whole.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>True when the server wants input in a way that this client can't give.</summary>
    public bool AsksForInput { get; private set; }

    /// <summary>True when the stream is not what it claims to be.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Id of the latest event that bore one; null when none did.</summary>
    public string? LastEventId => _events.LastEventId;

    /// <summary>How long the server wants its clients to wait before they come back; null when it did not say.</summary>
    public TimeSpan? Retry => _events.Retry;

    public async ValueTask ReadAsync(ReadOnlyMemory<byte> input)
    {
        while (!input.IsEmpty && !IsMalformed && !IsAnswered && !AsksForInput)
        {
            var progress = _events.Read(input.Span, _held, out var consumed);
            input = input[consumed..];
            if (progress == SseProgress.Faulted)
                IsMalformed = true;
            else if (progress == SseProgress.EventEnded)
                await EndEventAsync();
            else if (!_events.HasOpenEvent)
                _held.Clear();
            else if (_held.Length > HoldBytes)
                await PassPartAsync();
        }

        if (IsMalformed)
            _held.Clear();
        else if (_events.LastEventId is not null && !IsAnswered)
            await client.OpenEventsAsync();
    }

    /// <summary>Forgets what was read of an event that broke off, since its server sends it again; false when a part of it was handed on already.</summary>
    public bool TryRestart()
    {
        if (_isPartPassed)
            return false;
        _held.Clear();
        _events.Restart();
        return true;
    }

    public void Dispose()
    {
        _events.Dispose();
        _held.Dispose();
    }

    /// <summary>Too long to hold: passes if it is an answer; a message may grow on, to a limit.</summary>
    private async ValueTask PassPartAsync()
    {
        if (check.Asks(Message))
        {
            IsMalformed = _isPartPassed || _held.Length > InputCheck.MaxBytes;
        }
        else if ((Message.Seen & (JsonRpcMembers.Result | JsonRpcMembers.Error)) != 0)
        {
            _isPartPassed = true;
            await client.WriteEventAsync(_held.WrittenMemory, isEnd: false, isAnswer: true);
            _held.Clear();
        }
        else
        {
            IsMalformed = _held.Length > MaxMessageBytes;
        }
    }

    private async ValueTask EndEventAsync()
    {
        var seen = Message.Seen;
        if ((seen & JsonRpcMembers.Method) != 0)
        {
            await RelayAsync();
        }
        else if ((seen & JsonRpcMembers.Id) != 0 && (seen & (JsonRpcMembers.Result | JsonRpcMembers.Error)) != 0)
        {
            AsksForInput = !_isPartPassed && (rules.AsksForInput(Message) || (check.Asks(Message) && DataOf(_held.WrittenSpan) is { } data && !check.Passes(Message, data)));
            if (AsksForInput)
                return;
            await client.WriteEventAsync(_held.WrittenMemory, isEnd: true, isAnswer: true);
            IsAnswered = true;
        }

        _held.Clear();
    }

    private async ValueTask RelayAsync()
    {
        if (DataOf(_held.WrittenSpan) is not { } data || ServerMessage.TryRead(data) is not { } message)
        {
            IsMalformed = true;
            return;
        }

        var id = Message.TryGetCaptured(rules.Id, out var raw) ? Encoding.UTF8.GetString(raw) : "";
        if (message.IsRequest && id.Length == 0)
        {
            IsMalformed = true;
            return;
        }

        using var output = new PooledBuffer(data.Length + 512);
        output.Write("event: message\ndata: "u8);
        if (!await relay.TakeAsync(message, id, output))
            return;
        output.Write("\n\n"u8);
        await client.WriteEventAsync(output.WrittenMemory, isEnd: true, isAnswer: false);
    }

    /// <summary>The JSON of a whole event, on one line.</summary>
    private static byte[]? DataOf(ReadOnlySpan<byte> frame)
    {
        using var reader = new SseEventReader(MaxMessageBytes * 2);
        if (reader.Read(frame, out _) != SseProgress.EventEnded)
            return null;
        var data = reader.Data.ToArray();
        data.AsSpan().Replace((byte)'\n', (byte)' ');
        return data;
    }
}
