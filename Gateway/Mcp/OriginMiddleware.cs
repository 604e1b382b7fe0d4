namespace Cortex.Mcp;

/// <summary>
/// Refuses requests to <c>/mcp</c> from pages of an origin that is not allowed: 403, whatever they carry
/// (<see href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning">DNS rebinding</see>).
/// </summary>
internal sealed class OriginMiddleware(RequestDelegate next, McpCors cors)
{
    public Task InvokeAsync(HttpContext context)
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length == 0 || !context.Request.Path.StartsWithSegments("/mcp", StringComparison.OrdinalIgnoreCase) || cors.IsAllowed(origin))
            return next(context);
        return TypedResults.Problem(
            statusCode: StatusCodes.Status403Forbidden,
            title: "Origin not allowed",
            detail: "Pages of this origin may not call /mcp. An operator can add it to gateway.allowedOrigins.").ExecuteAsync(context);
    }
}
