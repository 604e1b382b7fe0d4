using System.Text.Json.Serialization;

namespace Cortex.Governance.Audit;

/// <summary>A row of the table <c>audit</c>, named as its columns.</summary>
/// <param name="Time">Unix milliseconds.</param>
/// <param name="PersonId">
/// The person's own id, beside the pseudonym: lets a person see their own records, and is nulled when they are erased, which leaves the pseudonym alone.
/// </param>
internal sealed record AuditRow(
    string Id,
    long Time,
    string Event,
    string Outcome,
    string? Caller,
    string? PersonId,
    string? ClientId,
    string? Method,
    string? Tool,
    string? Backend,
    string? Scope,
    string? Protocol,
    long? RequestBytes,
    long? ResponseBytes,
    double? LatencyMs,
    int? Status,
    string? TraceId,
    string? Target,
    string? ValueBefore,
    string? ValueAfter,
    string? Detail)
{
    public static AuditRow Of(AuditEntry entry)
    {
        var record = entry.Record;
        return new AuditRow(
            entry.Id,
            record.Time.ToUnixTimeMilliseconds(),
            record.Event,
            record.Outcome,
            entry.Caller,
            record.PersonId,
            record.ClientId,
            record.Method,
            record.Tool,
            record.Backend,
            record.Scope,
            record.ProtocolVersion,
            record.RequestBytes,
            record.ResponseBytes,
            record.Duration?.TotalMilliseconds,
            record.Status,
            record.TraceId,
            record.Target,
            record.Before,
            record.After,
            record.Detail);
    }
}

/// <summary>How rows travel to the database.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AuditRow[]))]
internal sealed partial class AuditRowJson : JsonSerializerContext;
