using Cortex.Foundation.Configuration;
using Cortex.Foundation.Pages;
using Cortex.Identity.Callers;

namespace Cortex.Identity.AuthorizationServer.SignIn.MagicLink;

/// <summary>
/// Sign-in by a link in a mail:
/// 1. the form of the sign-in page asks for a link; the answer is the same page for every address;
/// 2. opening the link shows whom it signs in and changes nothing: scanners of mail open links too;
/// 3. the button of that page uses the link up, makes the person where there is none yet, and goes on to where they came from.
/// The link works in any browser. The address is proven by its use, and so counts as verified.
/// </summary>
internal sealed class MagicLinkSignIn : SignInMethod
{
    public const string SendPath = ServerPaths.SignIn + "/email";
    public const string LinkPath = ServerPaths.SignIn + "/link";

    /// <summary>Name of the link's token, in the query and in the form.</summary>
    public const string TokenField = "token";

    /// <summary>Name of the field that people don't see.</summary>
    public const string TrapField = "website";

    public override SignInKind Kind => SignInKind.MagicLink;

    public override Type Section => typeof(MagicLinkSection);

    public override void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost(SendPath, SendAsync);
        endpoints.MapGet(LinkPath, OpenAsync);
        endpoints.MapPost(LinkPath, UseAsync);
    }

    private async Task<IResult> SendAsync(HttpContext context, SignInPages pages, PersonSession session, FormTokens tokens, MagicLinkSender sender)
    {
        if (!pages.Offers(this))
            return Results.NotFound();
        await session.FindAsync(context);
        if (!await tokens.IsValidAsync(context))
            return Page.ShowExpiredForm(context);

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var returnUrl = ReturnUrl.ParseOrDefault(form["return"]);
        if (!EmailAddress.TryParse(form["email"], out var email))
            return await pages.ShowAsync(context, returnUrl, "That is not an e-mail address. Write one like alice@example.com.");
        if (form[TrapField].ToString().Length > 0)
        {
            sender.NoteTrap();
            return MagicLinkNotices.Show(context, MagicLinkReply.Sent);
        }

        return MagicLinkNotices.Show(context, await sender.SendAsync(context, new PendingSignIn(email, returnUrl)));
    }

    private async Task<IResult> OpenAsync(
        HttpContext context, SignInPages pages, PersonSession session, FormTokens tokens, MagicLinkStore links)
    {
        if (!pages.Offers(this))
            return Results.NotFound();
        var person = await session.FindAsync(context);
        if (!MagicLinkToken.TryParse(context.Request.Query[TokenField], out var token) || await links.FindAsync(token, context.RequestAborted) is not { } pending)
            return MagicLinkNotices.ShowDeadLink(context);
        return Page.Show<MagicLinkPage>(context, new Dictionary<string, object?>
        {
            [nameof(MagicLinkPage.FormToken)] = tokens.Issue(context),
            [nameof(MagicLinkPage.LinkToken)] = token.Text,
            [nameof(MagicLinkPage.Email)] = pending.Email.Value,
            [nameof(MagicLinkPage.SignedInAs)] = person is null ? null : person.Name ?? person.Email ?? person.Id.Value,
        });
    }

    private async Task<IResult> UseAsync(
        HttpContext context,
        SignInPages pages,
        PersonSession session,
        FormTokens tokens,
        MagicLinkStore links,
        MagicLinkSender sender,
        PersonStore persons,
        GatewayAddresses addresses)
    {
        if (!pages.Offers(this))
            return Results.NotFound();
        await session.FindAsync(context);
        if (!await tokens.IsValidAsync(context))
            return Page.ShowExpiredForm(context);

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (!MagicLinkToken.TryParse(form[TokenField], out var token) || await links.TakeAsync(token, context.RequestAborted) is not { } pending)
        {
            sender.NoteDeadLink();
            return MagicLinkNotices.ShowDeadLink(context);
        }

        var claims = new PersonClaims(pending.Email.Value, EmailVerified: true, Name: null, Role: null, Pool: null);
        var person = await persons.EnsureAsync(addresses.Issuer, $"email|{pending.Email}", claims, context.RequestAborted);
        await session.SignInAsync(context, person, Kind);
        return Results.LocalRedirect(pending.Return.Path);
    }
}
