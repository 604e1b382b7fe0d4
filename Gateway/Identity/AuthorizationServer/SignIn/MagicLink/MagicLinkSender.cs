using Cortex.Governance.Audit;
using Cortex.Governance.Limits;
using Cortex.Identity.Callers;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.AuthorizationServer.SignIn.MagicLink;

/// <summary>
/// Sends links: within the limits, and the same for every address, known here or not. A link whose mail did not go out is not left behind. Every
/// request ends in an audit record, which names nobody: who signs in is known only once the link is used.
/// </summary>
internal sealed partial class MagicLinkSender(
    MagicLinkLimits limits,
    MagicLinkStore links,
    MagicLinkMail mails,
    SmtpDelivery delivery,
    AuditLog audit,
    IOptionsMonitor<IdentityOptions> identity,
    TimeProvider time,
    ILogger<MagicLinkSender> logger)
{
    /// <summary>Sends a link to whoever asks from this request.</summary>
    public async Task<MagicLinkReply> SendAsync(HttpContext context, PendingSignIn pending)
    {
        if (await limits.FindRefusalAsync(context, pending.Email) is { } refused)
        {
            LimitRefusal.Refuse(context, refused);
            Record("denied", context.Features.Get<LimitRefusal>()!.Detail);
            return MagicLinkReply.TooMany;
        }

        var smtp = identity.CurrentValue.AuthorizationServer.Smtp
            ?? throw new InvalidOperationException("The magic-link sign-in is offered without a mail server: the configuration was not validated.");
        var token = await links.AddAsync(pending, context.RequestAborted);
        var outcome = await delivery.SendAsync(mails.Write(pending.Email, token, smtp.From), smtp, context.RequestAborted);
        if (outcome is MailDelivery.Accepted)
        {
            Record("ok", "a sign-in link was sent");
            return MagicLinkReply.Sent;
        }

        await links.TakeAsync(token, CancellationToken.None);
        if (outcome is MailDelivery.Refused(var why))
        {
            Log.Refused(logger, why);
            Record("error", "the mail server refused the recipient");
            return MagicLinkReply.Refused;
        }

        Log.Failed(logger, smtp.Host, outcome is MailDelivery.Failed(var reason) ? reason : "");
        Record("error", "the mail server did not take the mail");
        return MagicLinkReply.Failed;
    }

    /// <summary>Notes a form that a program filled in: nothing is sent.</summary>
    public void NoteTrap() => Record("denied", "the field that people don't see was filled in");

    /// <summary>Notes a link that is none any more.</summary>
    public void NoteDeadLink() => Record("denied", "the sign-in link was used, had ended, or never was");

    private void Record(string outcome, string detail) => audit.Record(new AuditRecord
    {
        Event = "auth.magic_link",
        Outcome = outcome,
        Time = time.GetUtcNow(),
        Detail = detail,
    });

    private static partial class Log
    {
        [LoggerMessage(4140, LogLevel.Error, "The mail server {Host} took no sign-in link: {Reason}. Nobody can sign in by e-mail until that is mended", EventName = "magic_link.failed")]
        public static partial void Failed(ILogger logger, string host, string reason);

        [LoggerMessage(4141, LogLevel.Information, "A sign-in link could not be sent: {Reason}", EventName = "magic_link.refused")]
        public static partial void Refused(ILogger logger, string reason);
    }
}

/// <summary>What whoever asked for a link is told.</summary>
internal enum MagicLinkReply
{
    Sent,

    /// <summary>A limit is reached.</summary>
    TooMany,

    /// <summary>The mail server does not know the recipient.</summary>
    Refused,

    /// <summary>No mail goes out at the moment.</summary>
    Failed,
}
