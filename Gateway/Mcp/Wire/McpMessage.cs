using System.Text.Json;
using Cortex.Foundation.JsonRpc;

namespace Cortex.Mcp.Wire;

/// <summary>A client's message: its bytes and where in them the members stand that the gateway reads. Valid as long as the body's buffer is.</summary>
internal sealed class McpMessage
{
    private readonly JsonRpcEnvelope _envelope;

    private McpMessage(ReadOnlyMemory<byte> body, in JsonRpcEnvelope envelope)
    {
        Body = body;
        _envelope = envelope;
        Method = envelope.Kind == JsonRpcKind.Response ? "" : JsonText.GetString(envelope.Method.Of(body.Span));
    }

    /// <summary>The whole message.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    public JsonRpcKind Kind => _envelope.Kind;

    /// <summary>The method; empty for a response.</summary>
    public string Method { get; }

    /// <summary>The raw id; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Id => _envelope.Id.Of(Body);

    /// <summary>Where the raw id stands.</summary>
    public ByteRange IdRange => _envelope.Id;

    /// <summary>Where the raw <c>params</c> object stands; empty when there is none.</summary>
    public ByteRange Params => _envelope.Params;

    /// <summary>Reads a message; the fault says what is wrong with it, and <paramref name="id"/> is its raw id if that could be read.</summary>
    public static JsonRpcFault TryRead(ReadOnlyMemory<byte> body, int maxDepth, out McpMessage? message, out ReadOnlyMemory<byte> id)
    {
        var fault = JsonRpcReader.TryRead(body.Span, McpMembers.Set, maxDepth, out var envelope);
        id = envelope.IdKind is JsonRpcIdKind.String or JsonRpcIdKind.Number ? envelope.Id.Of(body) : default;
        message = fault.IsNone ? new McpMessage(body, envelope) : null;
        return fault;
    }

    /// <summary>The member of <see cref="McpMembers"/>; false when the message does not have it.</summary>
    public bool TryGet(int member, out JsonMember found) => _envelope.TryGet(member, out found);

    /// <summary>True when the member is there, whatever it is.</summary>
    public bool Has(int member) => _envelope.TryGet(member, out _);

    /// <summary>The raw value of a member; empty when it is absent.</summary>
    public ReadOnlyMemory<byte> Raw(int member) => _envelope.TryGet(member, out var found) ? found.Value.Of(Body) : default;

    /// <summary>The member as text; null when it is absent or no string.</summary>
    public string? Text(int member) =>
        _envelope.TryGet(member, out var found) && found.Kind == JsonValueKind.String ? JsonText.GetString(found.Value.Of(Body.Span)) : null;
}
