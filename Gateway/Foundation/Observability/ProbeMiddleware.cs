using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Cortex.Foundation.Observability;

/// <summary>
/// Answers <c>/healthz</c> and <c>/readyz</c>, lets <c>/metrics</c> through to the exporter behind it, and keeps the management port apart.
/// Runs first: a probe has no token and names any host.
/// </summary>
internal sealed class ProbeMiddleware(RequestDelegate next, Readiness readiness, ManagementPort port)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        if (!port.Admits(path, context.Connection.LocalPort))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (ManagementPaths.Contains(path) && context.Features.Get<IHttpMetricsTagsFeature>() is { } metrics)
            metrics.MetricsDisabled = true;
        switch (path.Value)
        {
            case ManagementPaths.Liveness:
                await WriteAsync(context, StatusCodes.Status200OK, "text/plain", "ok"u8.ToArray());
                break;
            case ManagementPaths.Readiness:
                var current = readiness.Current;
                var status = current.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
                await WriteAsync(context, status, "application/json", Body(current));
                break;
            default:
                await next(context);
                break;
        }
    }

    private static async Task WriteAsync(HttpContext context, int status, string contentType, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        context.Response.Headers[HeaderNames.CacheControl] = "no-store";
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary><c>{"status":"ready|waiting|draining","parts":{"redis":{"state":"ready","detail":"..."}}}</c>, parts in order of name.</summary>
    private static byte[] Body(ReadinessSnapshot snapshot)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("status"u8, snapshot.Draining ? "draining"u8 : snapshot.IsReady ? "ready"u8 : "waiting"u8);
            writer.WriteStartObject("parts"u8);
            foreach (var (name, part) in snapshot.Parts.OrderBy(part => part.Key, StringComparer.Ordinal))
            {
                writer.WriteStartObject(name);
                writer.WriteString("state"u8, Name(part.State));
                if (part.Detail is not null)
                    writer.WriteString("detail"u8, part.Detail);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static ReadOnlySpan<byte> Name(ReadinessState state) => state switch
    {
        ReadinessState.Ready => "ready"u8,
        ReadinessState.Degraded => "degraded"u8,
        ReadinessState.Failed => "failed"u8,
        _ => "waiting"u8,
    };
}
