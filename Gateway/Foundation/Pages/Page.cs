using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cortex.Foundation.Pages;

/// <summary>Shows a Razor component as a whole page, rendered on the server, with the headers every page gets.</summary>
internal static class Page
{
    /// <summary>
    /// No scripts, no frames, nothing from elsewhere. There is no <c>form-action</c>: browsers hold it against the redirect that follows a
    /// form too, and the consent page's leads to the client.
    /// </summary>
    private const string ContentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'";

    public static IResult Show<TPage>(HttpContext context, IReadOnlyDictionary<string, object?> parameters, int status = StatusCodes.Status200OK)
        where TPage : IComponent
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        // The address of a page may carry an authorization request; it is nobody else's business.
        headers["Referrer-Policy"] = "same-origin";
        return new RazorComponentResult<TPage>(parameters) { StatusCode = status, PreventStreamingRendering = true };
    }

    /// <summary>The answer to a form whose <see cref="FormToken"/> does not count.</summary>
    public static IResult ShowExpiredForm(HttpContext context) => Show<NoticePage>(
        context,
        new Dictionary<string, object?>
        {
            [nameof(NoticePage.Title)] = "This form has expired",
            [nameof(NoticePage.Text)] = "It was open for too long, or you signed in or out in the meantime. Go back, load the page again and send it once more.",
        },
        StatusCodes.Status400BadRequest);
}
