using Cortex.Governance.Audit;

namespace Cortex.Mcp;

/// <summary>
/// Records requests at <c>/mcp</c> that were turned away before the MCP layer saw them: no valid token, a foreign origin. Goes ahead of whatever may
/// refuse; the MCP layer records all others itself.
/// </summary>
internal sealed class RefusalAudit(RequestDelegate next, AuditLog audit, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/mcp", StringComparison.Ordinal))
        {
            await next(context);
            return;
        }

        var startedAt = time.GetTimestamp();
        await next(context);
        var status = context.Response.StatusCode;
        if (context.Features.Get<McpRecord>() is not null || status < 400)
            return;
        audit.Record(new AuditRecord
        {
            Event = "mcp.request",
            Outcome = status == StatusCodes.Status401Unauthorized ? "unauthenticated" : "denied",
            Time = time.GetUtcNow() - time.GetElapsedTime(startedAt),
            Duration = time.GetElapsedTime(startedAt),
            RequestBytes = context.Request.ContentLength,
            Status = status,
            TraceId = System.Diagnostics.Activity.Current?.TraceId.ToHexString(),
        });
    }
}
