using System.Globalization;
using Cortex.Foundation.Model;
using Cortex.Foundation.Pages;
using Cortex.Identity.AuthorizationServer.Consent;
using Cortex.Identity.AuthorizationServer.SignIn;
using Cortex.Identity.Callers.PersonalTokens;

namespace Cortex.Console.Account;

/// <summary>Makes and removes personal access tokens. The token's text is in the answer to the form that made it, and nowhere after that.</summary>
internal static class TokenEndpoints
{
    /// <summary>Name of the field that tells which token.</summary>
    public const string IdField = "token";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(AccountPaths.NewToken, AskAsync);
        endpoints.MapPost(AccountPaths.NewToken, MakeAsync);
        endpoints.MapPost(AccountPaths.RemoveToken, (HttpContext context, PersonForms forms, PersonalTokenIssuer issuer) =>
            forms.HandleAsync(context, AccountPaths.Page, async (person, form) =>
                PersonalTokenId.TryParse(form[IdField], out var id) && await issuer.RevokeAsync(person.Id, id, context.RequestAborted)
                    ? AccountNotice.TokenRemoved.Show()
                    : AccountNotice.NothingToRemove.Show()));
    }

    private static async Task<IResult> AskAsync(HttpContext context, PersonSession session, FormTokens tokens, OfferedScopes scopes) =>
        await session.FindAsync(context) is { } person
            ? Show(context, person, tokens, await scopes.OfAsync(person, context.RequestAborted), new TokenDraft("", PersonalTokenIssuer.DefaultDays.ToString(CultureInfo.InvariantCulture), null, null))
            : Results.LocalRedirect(AccountPaths.NewTokenPage.SignInPath);

    private static Task<IResult> MakeAsync(HttpContext context, PersonForms forms, PersonalTokenIssuer issuer, FormTokens tokens, OfferedScopes scopes) =>
        forms.HandleAsync(context, AccountPaths.NewTokenPage, async (person, form) =>
        {
            var draft = TokenDraft.Read(form);
            var offered = await scopes.OfAsync(person, context.RequestAborted);
            return await issuer.MakeAsync(person, draft.ToWish(), offered, context.RequestAborted) switch
            {
                PersonalTokenResult.Made made => Show(context, person, made),
                PersonalTokenResult.Refused(var problem) => Show(context, person, tokens, offered, draft with { Error = problem }),
                _ => throw new InvalidOperationException("Making a token ended in no known way."),
            };
        });

    private static IResult Show(HttpContext context, Person person, FormTokens tokens, ScopeSet offered, TokenDraft draft) => Page.Show<NewTokenPage>(
        context,
        new Dictionary<string, object?>
        {
            [nameof(NewTokenPage.SignedInAs)] = AccountPages.NameOf(person),
            [nameof(NewTokenPage.Token)] = tokens.Issue(context),
            [nameof(NewTokenPage.Draft)] = draft,
            [nameof(NewTokenPage.Scopes)] = offered.Select(scope => KeyValuePair.Create(scope.Value, ScopeWords.Describe(scope))).ToArray(),
        },
        draft.Error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);

    private static IResult Show(HttpContext context, Person person, PersonalTokenResult.Made made) => Page.Show<MadeTokenPage>(
        context,
        new Dictionary<string, object?>
        {
            [nameof(MadeTokenPage.SignedInAs)] = AccountPages.NameOf(person),
            [nameof(MadeTokenPage.Name)] = made.Token.Name,
            [nameof(MadeTokenPage.Text)] = made.Text,
            [nameof(MadeTokenPage.ExpiresAt)] = made.Token.ExpiresAt,
        });
}
