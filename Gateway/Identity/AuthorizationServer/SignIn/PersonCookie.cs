using Microsoft.AspNetCore.Authentication.Cookies;

namespace Cortex.Identity.AuthorizationServer.SignIn;

/// <summary>The cookie of <see cref="PersonSession"/>.</summary>
internal static class PersonCookie
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <param name="options">The cookie handler's options.</param>
    /// <param name="secure">False only when the public address is plain http, where browsers refuse <c>__Host-</c> cookies.</param>
    public static void Configure(CookieAuthenticationOptions options, bool secure)
    {
        options.Cookie.Name = secure ? "__Host-cortex" : "cortex";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = secure ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
        options.Cookie.Path = "/";
        options.ExpireTimeSpan = Lifetime;
        options.SlidingExpiration = true;
        // Pages send people to the sign-in themselves; the handler only reads and writes the cookie.
        options.Events.OnValidatePrincipal = RequireCurrentAsync;
        options.Events.OnRedirectToLogin = context => Answer(context.HttpContext, StatusCodes.Status401Unauthorized);
        options.Events.OnRedirectToAccessDenied = context => Answer(context.HttpContext, StatusCodes.Status403Forbidden);
        options.Events.OnRedirectToReturnUrl = _ => Task.CompletedTask;
    }

    private static async Task RequireCurrentAsync(CookieValidatePrincipalContext context)
    {
        var generations = context.HttpContext.RequestServices.GetRequiredService<SessionGenerations>();
        if (!await generations.IsCurrentAsync(context.Principal, context.HttpContext.RequestAborted))
            context.RejectPrincipal();
    }

    private static Task Answer(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
