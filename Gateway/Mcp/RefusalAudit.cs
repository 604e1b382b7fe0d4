using Cortex.Governance.Audit;
using Cortex.Governance.Limits;
using Cortex.Identity.Callers;

namespace Cortex.Mcp;

/// <summary>
/// Records requests at <c>/mcp</c> that the MCP layer does not record itself: those turned away before it saw them (no valid token, a foreign
/// origin, more than the limits allow, a failure of the gateway's own), sessions that were ended, streams of sessions, and direct hits at the routes of backends. Goes ahead of whatever may refuse.
/// </summary>
internal sealed class RefusalAudit(RequestDelegate next, AuditLog audit, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!IsWatched(context.Request.Path))
        {
            await next(context);
            return;
        }

        var startedAt = time.GetTimestamp();
        try
        {
            await next(context);
        }
        catch
        {
            Record(context, startedAt, StatusCodes.Status500InternalServerError);
            throw;
        }

        if (context.Response.StatusCode >= 400 || HttpMethods.IsDelete(context.Request.Method) || HttpMethods.IsGet(context.Request.Method))
            Record(context, startedAt, context.Response.StatusCode);
    }

    private static bool IsWatched(PathString path) =>
        path.StartsWithSegments("/mcp", StringComparison.OrdinalIgnoreCase) || path.StartsWithSegments("/-/backends", StringComparison.OrdinalIgnoreCase);

    private static string OutcomeOf(int status) => status switch
    {
        < 400 => "ok",
        StatusCodes.Status401Unauthorized => "unauthenticated",
        >= 500 => "error",
        _ => "denied",
    };

    private void Record(HttpContext context, long startedAt, int status)
    {
        if (context.Features.Get<McpRecord>() is not null)
            return;
        var token = context.Features.Get<ValidatedToken>();
        audit.Record(new AuditRecord
        {
            Event = "mcp.request",
            Outcome = OutcomeOf(status),
            Time = time.GetUtcNow() - time.GetElapsedTime(startedAt),
            Duration = time.GetElapsedTime(startedAt),
            PersonId = token?.Person?.Id.Value,
            ClientId = token?.ClientId,
            RequestBytes = context.Request.ContentLength,
            Status = status,
            TraceId = System.Diagnostics.Activity.Current?.TraceId.ToHexString(),
            Detail = context.Features.Get<LimitRefusal>()?.Detail ?? DetailOf(context.Request.Method),
        });
    }

    private static string? DetailOf(string method)
    {
        if (HttpMethods.IsDelete(method))
            return "the end of a session was asked for";
        return HttpMethods.IsGet(method) ? "the stream of a session was asked for" : null;
    }
}
