using Cortex.Foundation.Model;
using Cortex.Foundation.Pages;

namespace Cortex.Identity.AuthorizationServer.SignIn;

/// <summary>Takes the form of a page for signed-in people: who it is comes from their session alone, and the form must be one of theirs.</summary>
internal sealed class PersonForms(PersonSession session, FormTokens tokens)
{
    /// <param name="context">The request.</param>
    /// <param name="page">Where whoever is not signed in any more goes on after signing in.</param>
    /// <param name="handle">What the form is for.</param>
    public async Task<IResult> HandleAsync(HttpContext context, ReturnUrl page, Func<Person, IFormCollection, Task<IResult>> handle)
    {
        if (await session.FindAsync(context) is not { } person)
            return Results.LocalRedirect(page.SignInPath);
        if (!context.Request.HasFormContentType || !await tokens.IsValidAsync(context))
            return Page.ShowExpiredForm(context);
        return await handle(person, await context.Request.ReadFormAsync(context.RequestAborted));
    }
}
