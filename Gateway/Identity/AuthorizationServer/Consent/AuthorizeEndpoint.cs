using Cortex.Foundation.Model;
using Cortex.Foundation.Pages;
using Cortex.Identity.AuthorizationServer.Protocol;
using Cortex.Identity.AuthorizationServer.SignIn;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Cortex.Identity.AuthorizationServer.Consent;

/// <summary>
/// <c>/oauth/authorize</c>, once OpenIddict has found the request in order:
/// 1. whoever is not signed in goes to the sign-in page, and comes back here;
/// 2. what their plan does not hold is left out;
/// 3. what the person allowed this client before is granted again without a question;
/// 4. otherwise the consent page is shown, whose form comes back here by POST;
/// 5. the answer goes to the client's redirect URI, by OpenIddict.
/// </summary>
internal sealed class AuthorizeEndpoint(
    PersonSession session,
    ConsentStore consents,
    ConsentPages pages,
    ConsentSeal seal,
    ConsentAudit audit,
    FormTokens tokens,
    ResourcePolicy resources,
    PlannedScopes plans)
{
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var request = context.GetOpenIddictServerRequest()
            ?? throw new InvalidOperationException("The authorize endpoint was reached without OpenIddict: UseAuthentication must come before it.");
        var query = await AuthorizationQuery.ReadAsync(context.Request, FormTokens.FieldName, context.RequestAborted);
        var person = await session.FindAsync(context);
        if (person is null || (!query.IsDecision && WantsNewSignIn(request)))
            return request.HasPromptValue(PromptValues.None)
                ? Refuse(Errors.LoginRequired, "Nobody is signed in.")
                : Results.LocalRedirect(query.ReturnUrl.SignInPath);

        var wanted = ScopeSet.ParseLenient(request.Scope);
        var planned = await plans.LimitAsync(person.Id, wanted, context.RequestAborted);
        if (planned.Except(StandardScopes.All).Count == 0 && wanted.Except(StandardScopes.All).Count > 0)
            return Refuse(Errors.AccessDenied, "The person may hold none of the scopes asked for: their plan does not, they are no administrator, or their account was disabled.");
        var redirectUri = await pages.RedirectUriOfAsync(request, context.RequestAborted);
        var asked = new ConsentQuestion(person, request.ClientId!, RedirectUriPolicy.WithoutLoopbackPort(redirectUri), planned);
        return query.IsDecision
            ? await DecideAsync(context, request, query, asked)
            : await AskAsync(context, request, query, asked);
    }

    private async Task<IResult> AskAsync(HttpContext context, OpenIddictRequest request, AuthorizationQuery query, ConsentQuestion asked)
    {
        var remembered = await consents.FindAsync(asked, context.RequestAborted);
        if (asked.Scopes.Count > 0 && remembered.ContainsAll(asked.Scopes) && !request.HasPromptValue(PromptValues.Consent))
            return Give(request, asked, asked.Scopes);
        return request.HasPromptValue(PromptValues.None)
            ? Refuse(Errors.ConsentRequired, "The person has to be asked.")
            : await pages.ShowAsync(context, request, query, asked);
    }

    private async Task<IResult> DecideAsync(HttpContext context, OpenIddictRequest request, AuthorizationQuery query, ConsentQuestion asked)
    {
        if (!await tokens.IsValidAsync(context) || seal.FindShown(asked, query.Seal) is not { } shown)
            return Page.ShowExpiredForm(context);
        var answered = asked with { Scopes = asked.Scopes.Intersect(shown) };
        var granted = query.IsAllowed ? answered.Scopes.Intersect(ScopeSet.ParseLenient(string.Join(' ', query.Kept))) : ScopeSet.Empty;
        await audit.WriteAsync(answered, granted, context.RequestAborted);
        await consents.SaveAsync(answered, granted, context.RequestAborted);
        return answered.IsWorthGranting(granted) ? Give(request, answered, granted) : Refuse(Errors.AccessDenied, "The person did not allow it.");
    }

    private IResult Give(OpenIddictRequest request, ConsentQuestion asked, ScopeSet scopes)
    {
        var resource = resources.Find(request.GetResources());
        return resource is null
            ? Refuse(Errors.InvalidTarget, "The resource is no longer served.")
            : Results.SignIn(Grant.Of(asked.Person, scopes, resource), authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private static bool WantsNewSignIn(OpenIddictRequest request) =>
        request.HasPromptValue(PromptValues.Login) || request.HasPromptValue(PromptValues.SelectAccount);

    private static IResult Refuse(string error, string description) => Results.Forbid(
        new AuthenticationProperties(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
        }),
        [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
}
