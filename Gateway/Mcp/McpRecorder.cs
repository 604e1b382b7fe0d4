using System.Text;
using Cortex.Foundation.Model;
using Cortex.Foundation.Observability;
using Cortex.Governance.Audit;
using Cortex.Identity.Credentials;
using Cortex.Identity.Entitlements;
using Cortex.Mcp.Wire;
using Microsoft.AspNetCore.Connections;

namespace Cortex.Mcp;

/// <summary>One audit record, one span and one duration point for each request.</summary>
internal sealed class McpRecorder(AuditLog audit, TimeProvider time)
{
    /// <summary>Runs <paramref name="handle"/> under a record that is written however it ends.</summary>
    public async Task RecordAsync(HttpContext context, Func<McpRecord, Task> handle)
    {
        var operation = McpOperation.Start(McpSide.Server, time);
        operation.HttpProtocol = context.Request.Protocol;
        var record = new McpRecord(operation, context.GetCaller(), context.Response, time.GetUtcNow());
        context.Features.Set(record);
        try
        {
            await handle(record);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            record.Fail(McpFailure.Cancelled, "cancelled");
        }
        catch (ConnectionResetException)
        {
            record.Fail(McpFailure.Cancelled, "cancelled");
        }
        catch
        {
            record.Fail(McpFailure.Internal, "error", "internal error");
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            throw;
        }
        finally
        {
            End(record);
        }
    }

    private void End(McpRecord record)
    {
        if (record.IsLeftToElements)
            return;
        audit.Record(record.ToAudit());
        record.Operation.Finish();
    }
}

/// <summary>What is known of a request for the records about it, also when it was refused before it could be understood.</summary>
internal sealed class McpRecord(McpOperation operation, Caller caller, HttpResponse response, DateTimeOffset startedAt)
{
    private McpExchange? _exchange;
    private string _outcome = "ok";
    private string? _detail;

    public McpOperation Operation => operation;

    /// <summary>What the request is about; null until the catalog knows it.</summary>
    public Catalog.CatalogItem? Item => _exchange?.Item;

    /// <summary>True when each message of the request has a record of its own in place of this one.</summary>
    public bool IsLeftToElements { get; private set; }

    public long RequestBytes { get; set; }

    public long ResponseBytes { get; set; }

    /// <summary>The message; null while it could not be read.</summary>
    public McpMessage? Message { get; private set; }

    /// <summary>Takes what the message says of itself; starts the span.</summary>
    public void Open(McpMessage message)
    {
        Message = message;
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

    /// <summary>Answers with an error in place of serving the message.</summary>
    public async Task RefuseAsync(ReadOnlyMemory<byte> id, McpError error, CancellationToken cancellationToken)
    {
        Fail(error.Code, error.Message);
        ResponseBytes = await McpReplies.WriteErrorAsync(response, id, error, operation.TraceId, cancellationToken);
    }

    /// <summary>The request is a batch that was let in.</summary>
    public void LeaveToElements() => IsLeftToElements = true;

    public AuditRecord ToAudit() => new()
    {
        Event = "mcp.request",
        Outcome = _outcome != "ok" || _exchange is null ? _outcome : _exchange.Outcome,
        Time = startedAt,
        PersonId = caller.Person?.Id.Value,
        ClientId = caller.ClientId,
        Method = Message is null ? null : McpMethods.Bound(Message.Method),
        Tool = _exchange?.Item?.PublicName,
        Backend = _exchange?.Item?.Backend.Id.Value,
        Scope = _exchange?.Item?.Scope?.Value,
        ProtocolVersion = _exchange?.Version.Value,
        RequestBytes = RequestBytes,
        ResponseBytes = ResponseBytes + (_exchange?.ResponseBytes ?? 0),
        Duration = operation.Elapsed,
        Status = response.StatusCode,
        TraceId = operation.TraceId,
        Detail = Describe(_detail ?? _exchange?.Detail, _exchange?.Credential ?? CredentialOrigin.None),
    };

    /// <summary>The detail, and whose credential went out where it was not one minted for this very call.</summary>
    private static string? Describe(string? detail, CredentialOrigin credential)
    {
        var word = credential switch
        {
            CredentialOrigin.Person => "person",
            CredentialOrigin.Exchanged => "exchanged",
            CredentialOrigin.Shared => "shared",
            CredentialOrigin.Forwarded => "forwarded",
            _ => null,
        };
        return (detail, word) switch
        {
            (_, null) => detail,
            (null, _) => $"credential: {word}",
            _ => $"credential: {word}; {detail}",
        };
    }
}
