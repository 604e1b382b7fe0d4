using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.AuthorizationServer.SignIn;
using Cortex.Identity.Linking.Clients;
using Cortex.Identity.Linking.Pages;
using Cortex.Identity.Vault;

namespace Cortex.Identity.Linking;

/// <summary>
/// <c>/link/{backend}/callback</c>, where the provider sends the browser back:
/// 1. the state opens for this backend and browser, and is taken out once;
/// 2. the person is the one who set out, and the server the one they set out for;
/// 3. whoever answers is the issuer they were sent to (<see href="https://www.rfc-editor.org/rfc/rfc9207#section-2.4">RFC 9207</see>);
/// 4. the code is redeemed, and the tokens are kept before anyone is told.
/// Whatever was linked before stays until step 4 has succeeded.
/// </summary>
internal sealed partial class LinkCallback(
    LinkProviders providers,
    PersonSession session,
    LinkCookie cookie,
    LinkStates states,
    ClientIdentities clients,
    RegisteredClients registered,
    TokenEndpoint tokens,
    LinkedGrants grants,
    LinkAudit audit,
    ILogger<LinkCallback> logger)
{
    public async Task<IResult> HandleAsync(HttpContext context, string name)
    {
        if (providers.FindBackend(name) is not { } backend)
            return LinkPages.Say(context, StatusCodes.Status404NotFound, "Nothing to link here", "There is no app of this name at which accounts are linked.", await session.FindAsync(context));
        if (await session.FindAsync(context) is not { } person)
            return LinkPages.Say(context, StatusCodes.Status401Unauthorized, "You are not signed in any more", "Nothing was linked. Sign in and begin again.", null, backend.Id);
        var answer = LinkAnswer.Read(context.Request.Query);
        if (answer.IsTwofold || answer.State is null || cookie.Find(context) is not { } browser || states.TryOpen(backend.Id, browser, answer.State) is not { } state)
            return Deny(context, person, backend, "came back with a state that is not of this browser");
        if (await states.TakeAsync(state, context.RequestAborted) is not { } way)
            return Stop(context, person, backend, StatusCodes.Status400BadRequest, "This answer came before, or too late", $"The provider has to answer once, within {LinkStates.Lifetime.TotalMinutes:0} minutes. If your account is not linked yet, begin again.", "came back with a state that is over");
        if (way.Person != person.Id.Value)
            return Deny(context, person, backend, "came back for another person");
        if (way.Server != backend.ServerAddress.AbsoluteUri)
            return Stop(context, person, backend, StatusCodes.Status409Conflict, "The app has moved meanwhile", "Its address was changed while you were at the provider. Nothing was linked. Begin again.", "the backend's address was changed on the way");
        if (answer.Issuer is null ? way.NamesItselfInAnswers : answer.Issuer != way.Issuer)
            return Deny(context, person, backend, "came back from another issuer than they were sent to");
        if (answer.Error is { } error)
            return Refused(context, person, backend, error);
        return answer.Code is { } code
            ? await RedeemAsync(context, person, backend, way, code)
            : Stop(context, person, backend, StatusCodes.Status400BadRequest, "The provider's answer is not whole", "It holds neither a code nor an error. Nothing was linked. Begin again.", "the provider's answer held no code");
    }

    private async Task<IResult> RedeemAsync(HttpContext context, Person person, BackendDefinition backend, LinkState way, string code)
    {
        var redirectUri = clients.RedirectUri(backend.Id);

        // The code counts once: who leaves now must not lose what it is good for.
        var result = await tokens.AskAsync(
            way.Client,
            [
                KeyValuePair.Create("grant_type", "authorization_code"),
                KeyValuePair.Create("code", code),
                KeyValuePair.Create("redirect_uri", redirectUri),
                KeyValuePair.Create("code_verifier", way.Verifier),
            ],
            CancellationToken.None);
        switch (result)
        {
            case TokenResult.Received received:
                await grants.KeepAsync(
                    new GrantKey(person.Id, backend.Id),
                    way.Issuer,
                    new Grant { AccessToken = received.AccessToken, RefreshToken = received.RefreshToken, Client = way.Client },
                    new GrantTerms(received.Scopes ?? way.Scopes, received.ExpiresAt));
                return LinkPages.Say(context, StatusCodes.Status200OK, $"Your account at {backend.Id} is linked", "Go back to your agent, and let it try again what it could not do.", person);
            case TokenResult.Refused("invalid_client") when way.Client.IsRegistered:
                await registered.ForgetAsync(way.Issuer, redirectUri, way.Client.ClientId, CancellationToken.None);
                return Stop(context, person, backend, StatusCodes.Status502BadGateway, "The provider has forgotten this gateway", "Nothing was linked. The gateway introduces itself anew when you begin again.", "the provider answered 'invalid_client'");
            case TokenResult.Refused(var error):
                Log.NotRedeemed(logger, backend.Id.Value, $"the provider answered '{error}'");
                return Stop(context, person, backend, StatusCodes.Status502BadGateway, "The provider gave no access", $"It answered '{error}'. Nothing was linked. Begin again; if it stays so, tell the people who run this gateway.", $"the provider answered '{error}'");
            case TokenResult.NoAnswer(var reason, _):
                Log.NotRedeemed(logger, backend.Id.Value, reason);
                return Stop(context, person, backend, StatusCodes.Status502BadGateway, "The provider did not answer", "Nothing was linked, and what was linked before is as it was. Begin again in a minute.", "the provider's token endpoint did not answer");
            default:
                throw new InvalidOperationException("Redeeming a code ended in no known way.");
        }
    }

    private IResult Refused(HttpContext context, Person person, BackendDefinition backend, string error)
    {
        var code = TokenEndpoint.IsError(error) ? error : "an error";
        return Stop(context, person, backend, StatusCodes.Status400BadRequest, "Your account was not linked", $"{LinkError.Describe(error)} (It answered: {code}.)", $"the provider sent the browser back with '{code}'");
    }

    /// <summary>An answer that somebody made up, or brought to the wrong place: nothing it says is repeated.</summary>
    private IResult Deny(HttpContext context, Person person, BackendDefinition backend, string detail)
    {
        audit.Denied(person.Id, backend.Id, detail);
        return LinkPages.Say(context, StatusCodes.Status403Forbidden, "This answer does not count", "It is not the answer to what you began in this browser. Nothing was linked. If you want to link your account, begin again, and stay in one browser.", person, backend.Id);
    }

    private IResult Stop(HttpContext context, Person person, BackendDefinition backend, int status, string title, string text, string detail)
    {
        audit.Failed(person.Id, backend.Id, detail);
        return LinkPages.Say(context, status, title, text, person, backend.Id);
    }

    private static partial class Log
    {
        [LoggerMessage(3622, LogLevel.Warning, "Backend {Backend}: a code could not be redeemed: {Reason}", EventName = "linking.not_redeemed")]
        public static partial void NotRedeemed(ILogger logger, string backend, string reason);
    }
}
