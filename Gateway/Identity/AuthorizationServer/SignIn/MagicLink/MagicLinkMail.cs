using System.Globalization;
using System.Net;
using Cortex.Foundation.Configuration;
using Microsoft.Extensions.Options;
using MimeKit;
using MimeKit.Utils;

namespace Cortex.Identity.AuthorizationServer.SignIn.MagicLink;

/// <summary>Writes the mail that carries a link: short, as plain text and as HTML, with nothing in it that is loaded from elsewhere.</summary>
internal sealed class MagicLinkMail(IOptionsMonitor<GatewayOptions> gateway, GatewayAddresses addresses, TimeProvider time)
{
    public MimeMessage Write(EmailAddress recipient, MagicLinkToken token, string sender)
    {
        var from = MailboxAddress.Parse(sender);
        var name = gateway.CurrentValue.Name;
        var link = $"{addresses.Origin}{MagicLinkSignIn.LinkPath}?{MagicLinkSignIn.TokenField}={token.Text}";
        var message = new MimeMessage
        {
            Subject = $"Sign in to {name}",
            Date = time.GetUtcNow(),
            MessageId = MimeUtils.GenerateMessageId(from.Domain is { Length: > 0 } domain ? domain : "localhost"),
            Body = new BodyBuilder { TextBody = WriteText(name, link), HtmlBody = WriteHtml(name, link) }.ToMessageBody(),
        };
        message.From.Add(from);
        message.To.Add(new MailboxAddress(null, recipient.Value));
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return message;
    }

    private static string Minutes => MagicLinkStore.Lifetime.TotalMinutes.ToString(CultureInfo.InvariantCulture);

    private static string WriteText(string name, string link) => $"""
        Open this link to sign in to {name}:

        {link}

        It works once, within {Minutes} minutes. Whoever has it can sign in as you, so don't pass it on.
        If you did not ask for it, leave it: nothing happens.
        """;

    private static string WriteHtml(string name, string link) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <body>
        <p>Open this link to sign in to {WebUtility.HtmlEncode(name)}:</p>
        <p><a href="{WebUtility.HtmlEncode(link)}">{WebUtility.HtmlEncode(link)}</a></p>
        <p>It works once, within {Minutes} minutes. Whoever has it can sign in as you, so don't pass it on.<br>
        If you did not ask for it, leave it: nothing happens.</p>
        </body>
        </html>
        """;
}
