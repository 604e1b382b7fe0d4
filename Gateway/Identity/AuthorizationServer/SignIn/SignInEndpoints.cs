using Cortex.Foundation.Pages;

namespace Cortex.Identity.AuthorizationServer.SignIn;

/// <summary><c>/signin</c>: the page, the methods' own endpoints below it, and signing out.</summary>
internal static class SignInEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(ServerPaths.SignIn, (HttpContext context, SignInPages pages) =>
            pages.ShowAsync(context, ReturnUrl.ParseOrDefault(context.Request.Query["return"])));
        endpoints.MapPost(ServerPaths.SignOut, SignOutAsync);
        foreach (var method in endpoints.ServiceProvider.GetServices<SignInMethod>())
            method.Map(endpoints);
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, PersonSession session, FormTokens tokens)
    {
        await session.FindAsync(context);
        if (!await tokens.IsValidAsync(context))
            return Page.ShowExpiredForm(context);
        await PersonSession.SignOutAsync(context);
        return Results.LocalRedirect(ReturnUrl.Default.Path);
    }
}
