using Cortex.Identity.AuthorizationServer.Consent;
using Cortex.Identity.AuthorizationServer.SignIn;

namespace Cortex.Console.Account;

/// <summary>Ends what a person gave a client. Whose it is is told by the session, never by the form.</summary>
internal static class ClientEndpoints
{
    private const int MaxClientIdLength = 1_000;

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost(AccountPaths.Disconnect, (HttpContext context, PersonForms forms, ConnectedClients clients) =>
            forms.HandleAsync(context, AccountPaths.Page, async (person, form) =>
            {
                if (form[ClientsSection.ClientField].ToString() is not { Length: > 0 and <= MaxClientIdLength } clientId)
                    return Results.LocalRedirect(AccountPaths.Account);
                await clients.EndAsync(person.Id, clientId);
                return AccountNotice.Disconnected.Show();
            }));
}
