using System.Text;
using Cortex.Foundation.Model;
using Cortex.Foundation.Observability;
using Cortex.Governance.Audit;
using Cortex.Identity.Entitlements;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp;

/// <summary>One audit record, one span and one duration point for each request.</summary>
internal sealed class McpRecorder(AuditLog audit, TimeProvider time)
{
    public McpRecord Begin(HttpContext context, McpOperation operation)
    {
        var record = new McpRecord(operation, context.GetCaller(), context.Response, time.GetUtcNow());
        context.Features.Set(record);
        return record;
    }

    public void End(McpRecord record)
    {
        audit.Record(record.ToAudit());
        record.Operation.Finish();
    }
}

/// <summary>What is known of a request for the records about it, also when it was refused before it could be understood.</summary>
internal sealed class McpRecord(McpOperation operation, Caller caller, HttpResponse response, DateTimeOffset startedAt)
{
    private McpExchange? _exchange;
    private string? _method;
    private string _outcome = "ok";
    private string? _detail;

    public McpOperation Operation => operation;

    public long RequestBytes { get; set; }

    public long ResponseBytes { get; set; }

    /// <summary>Takes what the message says of itself; starts the span.</summary>
    public void Open(McpMessage message)
    {
        _method = McpMethods.Bound(message.Method);
        operation.RequestId = message.Id.IsEmpty ? null : Encoding.UTF8.GetString(message.Id.Span).Trim('"');
        operation.Open(message.Method, McpTraceContext.Read(message.Text(McpMembers.TraceParent), message.Text(McpMembers.TraceState)));
    }

    /// <summary>Takes outcome and sizes from the exchange from here on.</summary>
    public void Follow(McpExchange exchange)
    {
        _exchange = exchange;
        operation.Protocol = exchange.Version;
        operation.SessionId = exchange.Session?.Id.Value[..8];
    }

    public void Fail(McpFailure failure, string outcome, string? detail = null)
    {
        operation.Fail(failure);
        (_outcome, _detail) = (outcome, detail);
    }

    public void Fail(int code, string detail)
    {
        operation.Fail(code);
        (_outcome, _detail) = ("error", detail);
    }

    public AuditRecord ToAudit() => new()
    {
        Event = "mcp.request",
        Outcome = _outcome != "ok" || _exchange is null ? _outcome : _exchange.Outcome,
        Time = startedAt,
        PersonId = caller.Person?.Id.Value,
        ClientId = caller.ClientId,
        Method = _method,
        Tool = _exchange?.Item?.PublicName,
        Backend = _exchange?.Item?.Backend.Id.Value,
        Scope = _exchange?.Item?.Scope.Value,
        ProtocolVersion = _exchange?.Version.Value,
        RequestBytes = RequestBytes,
        ResponseBytes = ResponseBytes + (_exchange?.ResponseBytes ?? 0),
        Duration = operation.Elapsed,
        Status = response.StatusCode,
        TraceId = operation.TraceId,
        Detail = _detail ?? _exchange?.Detail,
    };
}
