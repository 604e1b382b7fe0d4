using Cortex.Foundation.Pages;

namespace Cortex.Identity.AuthorizationServer.SignIn.MagicLink;

/// <summary>The pages that answer whoever asked for a link, or came with one that does not count.</summary>
internal static class MagicLinkNotices
{
    /// <summary>The answer to a form. Neither it nor its status tells whether the address is known here.</summary>
    public static IResult Show(HttpContext context, MagicLinkReply reply) => reply switch
    {
        MagicLinkReply.Sent => Show(context, StatusCodes.Status200OK, "Look into your mail",
            "A link is on its way to the address you gave. It signs you in once, within 15 minutes. You can close this page."),
        MagicLinkReply.TooMany => Show(context, StatusCodes.Status429TooManyRequests, "Too many links",
            "Too many sign-in links were asked for in a short time. Use the last one you got, or try again later."),
        MagicLinkReply.Refused => Show(context, StatusCodes.Status400BadRequest, "The address takes no mail",
            "The mail server does not accept this e-mail address. Go back and look whether it is spelled right."),
        _ => Show(context, StatusCodes.Status503ServiceUnavailable, "No mail could be sent",
            "The sign-in link could not be sent, and nothing is on its way. Try again in a few minutes; if it stays like this, tell the people who run this gateway."),
    };

    /// <summary>The answer to a link that was used, has ended, or never was.</summary>
    public static IResult ShowDeadLink(HttpContext context) => Show(context, StatusCodes.Status410Gone, "This link does not work any more",
        "It was used already, or is older than 15 minutes. Go back to where you came from and ask for a new one.");

    private static IResult Show(HttpContext context, int status, string title, string text) => Page.Show<NoticePage>(
        context,
        new Dictionary<string, object?> { [nameof(NoticePage.Title)] = title, [nameof(NoticePage.Text)] = text },
        status);
}
