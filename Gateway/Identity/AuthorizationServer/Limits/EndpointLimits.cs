using Cortex.Foundation.Pages;
using Cortex.Governance.Audit;
using Cortex.Governance.Limits;
using Cortex.Identity.AuthorizationServer.Registration;
using Cortex.Identity.AuthorizationServer.SignIn.MagicLink;

namespace Cortex.Identity.AuthorizationServer.Limits;

/// <summary>
/// Holds registrations, token requests, sign-in forms and the opening of sign-in links to <c>limits:</c>, ahead of whatever would work for them: 429 with <c>Retry-After</c>, as
/// an OAuth error or a page. Each refusal is recorded under the event that was refused.
/// </summary>
internal sealed class EndpointLimits(
    RequestDelegate next, RegistrationLimits registrations, TokenLimits tokens, SignInLimits signIns, AuditLog audit, TimeProvider time)
{
    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value?.ToLowerInvariant();
        if (!HttpMethods.IsPost(context.Request.Method) && path != MagicLinkSignIn.LinkPath)
            return next(context);
        return path switch
        {
            ServerPaths.Register => LimitAsync(context, "auth.register", registrations.FindRefusalAsync, RefuseAsync),
            ServerPaths.Token => LimitAsync(context, "auth.token", tokens.FindRefusalAsync, RefuseAsync),
            { } form when IsSignIn(form) => LimitAsync(context, "auth.sign_in", signIns.FindRefusalAsync, ShowAsync),
            _ => next(context),
        };
    }

    private static bool IsSignIn(string path) => path.StartsWith(ServerPaths.SignIn + "/", StringComparison.Ordinal) && path != ServerPaths.SignOut;

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(
            new RegistrationError("temporarily_unavailable", "Too many requests; wait for as long as Retry-After says, then try again."),
            RegistrationJson.Default.RegistrationError,
            statusCode: StatusCodes.Status429TooManyRequests).ExecuteAsync(context);
    }

    private static Task ShowAsync(HttpContext context) => Page.Show<NoticePage>(
        context,
        new Dictionary<string, object?>
        {
            [nameof(NoticePage.Title)] = "Too many attempts",
            [nameof(NoticePage.Text)] = "There were too many sign-ins from your network in a short time. Wait a minute, go back and send the form once more.",
        },
        StatusCodes.Status429TooManyRequests).ExecuteAsync(context);

    private async Task LimitAsync(
        HttpContext context, string name, Func<HttpContext, ValueTask<LimitDecision.Refused?>> find, Func<HttpContext, Task> answer)
    {
        if (await find(context) is not { } refused)
        {
            await next(context);
            return;
        }

        LimitRefusal.Refuse(context, refused);
        audit.Record(new AuditRecord
        {
            Event = name,
            Outcome = "denied",
            Time = time.GetUtcNow(),
            Status = StatusCodes.Status429TooManyRequests,
            Detail = context.Features.Get<LimitRefusal>()?.Detail,
        });
        await answer(context);
    }
}
