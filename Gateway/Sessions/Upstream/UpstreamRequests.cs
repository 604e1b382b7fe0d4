using System.Text.Json;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Outbound;

namespace Cortex.Sessions.Upstream;

/// <summary>The JSON-RPC by which the gateway listens to a native server: what it asks, and what it is answered.</summary>
internal static class UpstreamRequests
{
    /// <summary>JSON-RPC: the server does not know the method.</summary>
    public const int MethodNotFound = -32601;

    /// <summary>A JSON-RPC request whose params <paramref name="parameters"/> writes.</summary>
    public static byte[] Body(string id, string method, Action<Utf8JsonWriter> parameters)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc", "2.0");
            json.WriteString("id", id);
            json.WriteString("method", method);
            json.WriteStartObject("params");
            parameters(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>The JSON-RPC message that a reply without a stream holds; null when it holds none.</summary>
    public static async Task<UpstreamMessage?> ReadMessageAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (await response.Content.ReadBoundedAsync(UpstreamChannel.MaxEventBytes, cancellationToken) is not { Length: > 0 } body)
            return null;
        if (!IsEventStream(response))
            return UpstreamMessage.TryRead(body);
        using var events = new SseEventReader(UpstreamChannel.MaxEventBytes);
        for (var rest = body.AsMemory(); !rest.IsEmpty;)
        {
            var progress = events.Read(rest.Span, out var consumed);
            rest = rest[consumed..];
            if (progress == SseProgress.EventEnded && UpstreamMessage.TryRead(events.Data) is { IsResponse: true } message)
                return message;
            if (progress == SseProgress.Faulted)
                break;
        }

        return null;
    }

    public static bool IsEventStream(HttpResponseMessage response) =>
        string.Equals(response.Content.Headers.ContentType?.MediaType, "text/event-stream", StringComparison.OrdinalIgnoreCase);
}
