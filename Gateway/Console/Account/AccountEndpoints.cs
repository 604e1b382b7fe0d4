using Cortex.Foundation.Pages;
using Cortex.Identity.AuthorizationServer.Consent;
using Cortex.Identity.AuthorizationServer.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace Cortex.Console.Account;

/// <summary><c>/account</c>, and signing out everywhere. Who signs out is told by the session, never by the form.</summary>
internal static class AccountEndpoints
{
    private const string WithClients = "Every browser has to sign in again, and every client has to ask you again. Personal access tokens still count.";
    private const string BrowsersOnly = "Every browser has to sign in again. Clients that you allowed stay connected.";
    private const string AtIssuer = "Every browser has to sign in again here. What clients may do for you is kept where you signed in, and can be ended there.";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(AccountPaths.Account, (HttpContext context, AccountPages pages) => pages.ShowAsync(context));
        endpoints.MapPost(AccountPaths.SignOutEverywhere, (HttpContext context, PersonForms forms, SignOutEverywhere sessions, [FromServices] ConnectedClients? clients) =>
            forms.HandleAsync(context, AccountPaths.Page, async (person, form) =>
            {
                await sessions.EndAsync(person, context.RequestAborted);
                var clientsToo = clients is not null && form.ContainsKey(SessionsSection.ClientsField);
                if (clientsToo)
                    await clients!.EndAllAsync(person.Id);
                await PersonSession.SignOutAsync(context);
                return ShowSignedOut(context, clients is null ? AtIssuer : clientsToo ? WithClients : BrowsersOnly);
            }));
    }

    private static IResult ShowSignedOut(HttpContext context, string text) => Page.Show<NoticePage>(context, new Dictionary<string, object?>
    {
        [nameof(NoticePage.Title)] = "Signed out everywhere",
        [nameof(NoticePage.Text)] = text,
    });
}
