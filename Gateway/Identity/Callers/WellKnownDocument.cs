namespace Cortex.Identity.Callers;

/// <summary>Serves a public JSON document: to every origin, cacheable for a minute.</summary>
internal static class WellKnownDocument
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Options];

    /// <summary>Maps a document; <paramref name="write"/> returns null where there is none.</summary>
    public static void MapWellKnown(this IEndpointRouteBuilder endpoints, string pattern, Func<HttpContext, byte[]?> write) =>
        endpoints.MapMethods(pattern, Methods, context => ServeAsync(context, write)).AllowAnonymous();

    private static async Task ServeAsync(HttpContext context, Func<HttpContext, byte[]?> write)
    {
        var response = context.Response;
        response.Headers.AccessControlAllowOrigin = "*";
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            response.Headers.AccessControlAllowMethods = "GET, HEAD, OPTIONS";
            response.Headers.AccessControlAllowHeaders = "*";
            response.Headers.AccessControlMaxAge = "3600";
            response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        if (write(context) is not { } document)
        {
            await TypedResults.Problem("There is no such resource.", statusCode: StatusCodes.Status404NotFound).ExecuteAsync(context);
            return;
        }

        response.Headers.CacheControl = "public, max-age=60";
        response.ContentType = "application/json";
        response.ContentLength = document.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(document, context.RequestAborted);
    }
}
