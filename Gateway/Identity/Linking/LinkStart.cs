using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Cortex.Foundation.Model;
using Cortex.Foundation.Pages;
using Cortex.Identity.AuthorizationServer.SignIn;
using Cortex.Identity.Linking.Clients;
using Cortex.Identity.Linking.Pages;
using Cortex.Identity.Vault;
using Microsoft.AspNetCore.WebUtilities;

namespace Cortex.Identity.Linking;

/// <summary>
/// <c>/link/{backend}/start</c>:
/// 1. who is signed in must be whom the invitation is for; without an invitation they link for themselves;
/// 2. a page says where they go and what is asked for: nothing starts by GET;
/// 3. its form, which must be one of theirs, sends them to the provider, with a <c>state</c> that this browser alone can bring back, S256
/// (<see href="https://www.rfc-editor.org/rfc/rfc7636">RFC 7636</see>) and the server as <c>resource</c> (<see href="https://www.rfc-editor.org/rfc/rfc8707">RFC 8707</see>).
/// </summary>
internal sealed partial class LinkStart(
    LinkWishes wishes, PersonSession session, PersonForms forms, FormTokens tokens, ClientIdentities clients, LinkStates states, LinkCookie cookie, ILogger<LinkStart> logger)
{
    /// <summary>Name of the field that tells which provider the page named.</summary>
    public const string IssuerField = "provider";

    /// <summary>Shows the page.</summary>
    public async Task<IResult> ShowAsync(HttpContext context, string backend) => await session.FindAsync(context) is { } person
        ? await wishes.ReadAsync(context, person, backend) switch
        {
            LinkWish.Good wish => Ask(context, person, wish),
            LinkWish.Refused refused => refused.Page,
            _ => throw new InvalidOperationException("A wish to link was neither good nor bad."),
        }
        : Results.LocalRedirect(PageOf(context).SignInPath);

    /// <summary>Takes the page's form.</summary>
    public Task<IResult> BeginAsync(HttpContext context, string backend) => forms.HandleAsync(context, PageOf(context), async (person, form) =>
        await wishes.ReadAsync(context, person, backend) switch
        {
            // Whoever agreed has read of this provider, and is sent to no other.
            LinkWish.Good wish => form[IssuerField] == wish.Provider.Issuer ? await SendAsync(context, person, wish) : Ask(context, person, wish),
            LinkWish.Refused refused => refused.Page,
            _ => throw new InvalidOperationException("A wish to link was neither good nor bad."),
        });

    private static ReturnUrl PageOf(HttpContext context) => ReturnUrl.ParseOrDefault(context.Request.Path + context.Request.QueryString);

    private IResult Ask(HttpContext context, Person person, LinkWish.Good wish) =>
        LinkPages.Ask(context, person, tokens.Issue(context), wish.Backend, wish.Provider, wish.Scopes);

    private async Task<IResult> SendAsync(HttpContext context, Person person, LinkWish.Good wish)
    {
        var (backend, provider, scopes) = wish;
        switch (await clients.FindAsync(backend, provider, context.RequestAborted))
        {
            case ClientIdentityResult.Found(var client):
                var verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
                var state = await states.KeepAsync(backend.Id, cookie.Set(context), new LinkState
                {
                    Person = person.Id.Value,
                    Server = backend.ServerAddress.AbsoluteUri,
                    Issuer = provider.Issuer,
                    NamesItselfInAnswers = provider.NamesItselfInAnswers,
                    Verifier = verifier,
                    Client = client,
                    Scopes = scopes,
                }, context.RequestAborted);
                context.Response.Headers["Referrer-Policy"] = "no-referrer";
                context.Response.Headers.CacheControl = "no-store";
                return Results.Redirect(AddressOf(provider, client, clients.RedirectUri(backend.Id), scopes, state, verifier));
            case ClientIdentityResult.Failed(var reason):
                Log.NoClient(logger, backend.Id.Value, reason);
                return LinkPages.Say(context, StatusCodes.Status502BadGateway, "The provider does not know this gateway", reason, person, backend.Id);
            default:
                throw new InvalidOperationException("Looking for a client ended in no known way.");
        }
    }

    private static string AddressOf(LinkProvider provider, GrantClient client, string redirectUri, string scopes, string state, string verifier)
    {
        var parameters = new List<KeyValuePair<string, string?>>
        {
            new("response_type", "code"),
            new("client_id", client.ClientId),
            new("redirect_uri", redirectUri),
            new("state", state),
            new("code_challenge", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))),
            new("code_challenge_method", "S256"),
            new("resource", provider.Resource),
        };
        if (scopes.Length > 0)
            parameters.Add(new("scope", scopes));
        // OpenID Connect Core, section 11: without it a provider must ignore the scope.
        if (scopes.Split(' ').Contains(LinkWishes.OfflineAccess))
            parameters.Add(new("prompt", "consent"));
        return QueryHelpers.AddQueryString(provider.AuthorizationEndpoint.AbsoluteUri, parameters);
    }

    private static partial class Log
    {
        [LoggerMessage(3621, LogLevel.Warning, "Backend {Backend}: nobody can link an account: {Reason}", EventName = "linking.no_client")]
        public static partial void NoClient(ILogger logger, string backend, string reason);
    }
}
