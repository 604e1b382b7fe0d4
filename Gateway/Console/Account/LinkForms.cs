using Cortex.Foundation.Model;
using Cortex.Identity.AuthorizationServer.SignIn;
using Cortex.Identity.Linking;
using Cortex.Identity.Linking.Pages;
using Cortex.Identity.Vault;

namespace Cortex.Console.Account;

/// <summary>The forms of <see cref="LinksSection"/>: unlinking, and pasting a token. Whose is told by the session, never by the form.</summary>
internal static class LinkForms
{
    /// <summary>Name of the field that holds a pasted token.</summary>
    public const string TokenField = "token";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost(AccountPaths.Unlink, (HttpContext context, string backend, PersonForms forms, LinkedGrants grants) =>
            forms.HandleAsync(context, AccountPaths.Page, async (person, _) =>
                BackendId.TryParse(backend, out var id) && await grants.EndAsync(new GrantKey(person.Id, id), "the person", context.RequestAborted) is UnlinkResult.Unlinked(var isRevoked)
                    ? (isRevoked ? AccountNotice.Unlinked : AccountNotice.UnlinkedHere).Show()
                    : AccountNotice.NothingToRemove.Show()));
        endpoints.MapPost(AccountPaths.PasteToken, (HttpContext context, string backend, PersonForms forms, LinkProviders providers, PastedTokens tokens) =>
            forms.HandleAsync(context, AccountPaths.Page, async (person, form) => providers.FindBackend(backend) is { } known
                ? await tokens.KeepAsync(person.Id, known, form[TokenField], context.RequestAborted) switch
                {
                    PastedTokenResult.Kept => AccountNotice.TokenKept.Show(),
                    PastedTokenResult.Refused(var problem) => LinkPages.Say(context, StatusCodes.Status400BadRequest, "The token was not kept", problem, person),
                    _ => throw new InvalidOperationException("Keeping a token ended in no known way."),
                }
                : LinkPages.Say(context, StatusCodes.Status404NotFound, "Nothing to link here", "There is no app of this name at which accounts are linked.", person)));
    }
}
