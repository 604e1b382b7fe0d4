using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Cortex.Governance.Audit;

/// <summary>
/// The JSON line of an entry, without its end of line; absent values are left out:
/// <c>{"time":"2026-01-31T09:00:00.000Z","event":"mcp.request","outcome":"ok","caller":"u_…","client":"…","method":"tools/call","tool":"notes_echo",
/// "backend":"notes","scope":"mcp:notes:read","protocol":"2026-07-28","requestBytes":120,"responseBytes":64,"latencyMs":3.2,"status":200,"traceId":"…"}</c>.
/// The person's id is not in it.
/// </summary>
internal static class AuditLine
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Appends the line to <paramref name="target"/>.</summary>
    public static void Write(IBufferWriter<byte> target, AuditEntry entry)
    {
        var record = entry.Record;
        using var json = new Utf8JsonWriter(target, Options);
        json.WriteStartObject();
        json.WriteString("time"u8, record.Time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        json.WriteString("event"u8, record.Event);
        json.WriteString("outcome"u8, record.Outcome);
        Text(json, "caller"u8, entry.Caller);
        Text(json, "client"u8, record.ClientId);
        Text(json, "method"u8, record.Method);
        Text(json, "tool"u8, record.Tool);
        Text(json, "backend"u8, record.Backend);
        Text(json, "scope"u8, record.Scope);
        Text(json, "protocol"u8, record.ProtocolVersion);
        Number(json, "requestBytes"u8, record.RequestBytes);
        Number(json, "responseBytes"u8, record.ResponseBytes);
        if (record.Duration is { } duration)
            json.WriteNumber("latencyMs"u8, Math.Round(duration.TotalMilliseconds, 3));
        Number(json, "status"u8, record.Status);
        Text(json, "traceId"u8, record.TraceId);
        Text(json, "target"u8, record.Target);
        Text(json, "before"u8, record.Before);
        Text(json, "after"u8, record.After);
        Text(json, "detail"u8, record.Detail);
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static void Number(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is not null)
            json.WriteNumber(name, value.Value);
    }
}
