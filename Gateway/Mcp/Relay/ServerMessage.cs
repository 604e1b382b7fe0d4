using Cortex.Foundation.JsonRpc;

namespace Cortex.Mcp.Relay;

/// <summary>A request or notification that a native server sent in the middle of a call: whole, since these are small.</summary>
internal sealed class ServerMessage
{
    private const int MaxDepth = 64;
    private const int RequestId = 0;
    private const int Level = 1;

    private const int Progress = 2;
    private const int ElicitationMode = 3;
    private const int SamplingTools = 4;
    private const int SamplingToolChoice = 5;
    private const int ResourceUri = 6;

    private static readonly MemberSet Members = new(
        ["params", "requestId"], ["params", "level"], ["params", "progressToken"], ["params", "mode"], ["params", "tools"], ["params", "toolChoice"], ["params", "uri"]);

    private readonly JsonRpcEnvelope _envelope;

    private ServerMessage(ReadOnlyMemory<byte> json, in JsonRpcEnvelope envelope)
    {
        Json = json;
        _envelope = envelope;
        Method = JsonText.GetString(envelope.Method.Of(json.Span));
    }

    /// <summary>The whole message.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    public string Method { get; }

    /// <summary>True when it wants an answer.</summary>
    public bool IsRequest => _envelope.Kind == JsonRpcKind.Request;

    /// <summary>Raw <c>params.level</c> of a log message; empty when there is none.</summary>
    public ReadOnlySpan<byte> LogLevel => Raw(Level);

    /// <summary>Raw id of the request that the server takes back; empty when there is none.</summary>
    public ReadOnlySpan<byte> CancelledId => Raw(RequestId);

    /// <summary>Raw token of the progress that is told of; empty when there is none.</summary>
    public ReadOnlySpan<byte> ProgressToken => Raw(Progress);

    /// <summary>Raw <c>params.mode</c> of an elicitation; empty when there is none.</summary>
    public ReadOnlySpan<byte> Mode => Raw(ElicitationMode);

    /// <summary>True when a sampling request offers tools.</summary>
    public bool OffersTools => _envelope.TryGet(SamplingTools, out _) || _envelope.TryGet(SamplingToolChoice, out _);

    /// <summary>URI of the resource that is told of; null when there is none.</summary>
    public string? Uri => JsonText.TryGetString(Raw(ResourceUri), out var uri) ? uri : null;

    /// <summary>Reads a message; null when it is none.</summary>
    public static ServerMessage? TryRead(ReadOnlyMemory<byte> json) =>
        JsonRpcReader.TryRead(json.Span, Members, MaxDepth, out var envelope).IsNone && envelope.Kind != JsonRpcKind.Response
            ? new ServerMessage(json, envelope)
            : null;

    /// <summary>Writes the message under another id.</summary>
    public void WriteAs(ReadOnlyMemory<byte> id, PooledBuffer output)
    {
        var splice = new JsonSplice(Json.Span);
        splice.Replace(_envelope.Id, id);
        splice.WriteTo(output);
    }

    /// <summary>Writes the message with another id of the request it takes back.</summary>
    public void WriteCancelling(ReadOnlyMemory<byte> id, PooledBuffer output)
    {
        _envelope.TryGet(RequestId, out var cancelled);
        var splice = new JsonSplice(Json.Span);
        splice.Replace(cancelled.Value, id);
        splice.WriteTo(output);
    }

    private ReadOnlySpan<byte> Raw(int member) => _envelope.TryGet(member, out var found) ? found.Value.Of(Json.Span) : default;
}
