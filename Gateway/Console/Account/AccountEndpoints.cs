using Cortex.Foundation.Pages;
using Cortex.Identity.AuthorizationServer.Consent;
using Cortex.Identity.AuthorizationServer.SignIn;

namespace Cortex.Console.Account;

/// <summary><c>/account</c>, and the forms on it that end things. Whose things is told by the session, never by the form.</summary>
internal static class AccountEndpoints
{
    private const int MaxClientIdLength = 1_000;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(AccountPaths.Account, (HttpContext context, AccountPages pages) => pages.ShowAsync(context));
        endpoints.MapPost(AccountPaths.Disconnect, (HttpContext context, PersonForms forms, ConnectedClients clients) =>
            forms.HandleAsync(context, AccountPaths.Page, async (person, form) =>
            {
                if (form[ClientsSection.ClientField].ToString() is not { Length: > 0 and <= MaxClientIdLength } clientId)
                    return Results.LocalRedirect(AccountPaths.Account);
                await clients.EndAsync(person.Id, clientId);
                return AccountNotice.Disconnected.Show();
            }));
        endpoints.MapPost(AccountPaths.SignOutEverywhere, (HttpContext context, PersonForms forms, ConnectedClients clients, SignOutEverywhere sessions) =>
            forms.HandleAsync(context, AccountPaths.Page, async (person, form) =>
            {
                await sessions.EndAsync(person, context.RequestAborted);
                var ticked = form.ContainsKey(SessionsSection.ClientsField);
                if (ticked)
                    await clients.EndAllAsync(person.Id);
                await PersonSession.SignOutAsync(context);
                return ShowSignedOut(context, ticked);
            }));
    }

    private static IResult ShowSignedOut(HttpContext context, bool clientsToo) => Page.Show<NoticePage>(context, new Dictionary<string, object?>
    {
        [nameof(NoticePage.Title)] = "Signed out everywhere",
        [nameof(NoticePage.Text)] = clientsToo
            ? "Every browser has to sign in again, and every client has to ask you again. Personal access tokens still count."
            : "Every browser has to sign in again. Clients that you allowed stay connected.",
    });
}
