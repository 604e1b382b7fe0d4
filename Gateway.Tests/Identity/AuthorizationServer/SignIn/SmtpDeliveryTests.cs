using Cortex.Foundation.Model;
using Cortex.Foundation.Outbound;
using Cortex.Identity.AuthorizationServer.SignIn.MagicLink;
using Cortex.Identity.Callers;
using Cortex.Tests.Fixtures;
using MimeKit;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer.SignIn;

/// <summary>Handing mail to a mail server: over TLS or not at all where TLS is asked for.</summary>
internal sealed class SmtpDeliveryTests
{
    [TestCase(SmtpSecurity.StartTls)]
    [TestCase(SmtpSecurity.Tls)]
    public async Task Mail_goes_out_over_tls_with_user_and_password(SmtpSecurity security)
    {
        await using var sink = SmtpSink.StartSecure(implicitly: security == SmtpSecurity.Tls);

        var outcome = await SendAsync(sink, Options(sink, security), trusted: true);

        Assert.That(outcome, Is.InstanceOf<MailDelivery.Accepted>());
        Assert.That((sink.SignedIn, sink.Mails.Count), Is.EqualTo((SmtpSink.Username, 1)));
    }

    [TestCase(SmtpSecurity.StartTls)]
    [TestCase(SmtpSecurity.Tls)]
    public async Task Server_with_a_certificate_that_nobody_vouches_for_gets_neither_password_nor_mail(SmtpSecurity security)
    {
        await using var sink = SmtpSink.StartSecure(implicitly: security == SmtpSecurity.Tls);

        var outcome = await SendAsync(sink, Options(sink, security), trusted: false);

        Assert.That(outcome, Is.InstanceOf<MailDelivery.Failed>());
        Assert.That((sink.SignedIn, sink.Mails.Count), Is.EqualTo(((string?)null, 0)));
    }

    [Test]
    public async Task Server_that_hides_its_starttls_gets_neither_password_nor_mail()
    {
        await using var sink = SmtpSink.Start();

        var outcome = await SendAsync(sink, Options(sink, SmtpSecurity.StartTls), trusted: true);

        Assert.That(outcome, Is.InstanceOf<MailDelivery.Failed>());
        Assert.That((sink.SignedIn, sink.Mails.Count), Is.EqualTo(((string?)null, 0)));
    }

    [Test]
    public async Task Wrong_password_is_a_failure_that_does_not_tell_it()
    {
        await using var sink = SmtpSink.StartSecure(implicitly: false);

        var outcome = await SendAsync(sink, Options(sink, SmtpSecurity.StartTls, password: "hunter2hunter2"), trusted: true);

        Assert.That(outcome, Is.InstanceOf<MailDelivery.Failed>());
        Assert.That(outcome.ToString(), Does.Not.Contain("hunter2"));
    }

    [Test]
    public async Task Server_that_says_nothing_is_given_up_at_the_deadline()
    {
        await using var sink = SmtpSink.Start();
        sink.Silent = true;

        var outcome = await SendAsync(sink, Options(sink, SmtpSecurity.None, timeout: TimeSpan.FromMilliseconds(200)), trusted: true);

        Assert.That(outcome, Is.InstanceOf<MailDelivery.Failed>());
    }

    [Test]
    public async Task Refused_recipient_is_told_apart_and_not_named_in_the_reason()
    {
        await using var sink = SmtpSink.Start();
        sink.Refused = "alice@example.com";

        var outcome = await SendAsync(sink, Options(sink, SmtpSecurity.None, signsIn: false), trusted: true);

        Assert.That(outcome, Is.InstanceOf<MailDelivery.Refused>());
        Assert.That(outcome.ToString(), Does.Not.Contain("alice"));
    }

    private static SmtpOptions Options(
        SmtpSink sink, SmtpSecurity security, string password = SmtpSink.Password, TimeSpan? timeout = null, bool signsIn = true) => new()
        {
            Host = "localhost",
            Port = sink.Port,
            Security = security,
            Username = signsIn ? SmtpSink.Username : null,
            Password = signsIn ? new Secret(password) : null,
            From = "signin@cortex.example",
            Timeout = timeout ?? TimeSpan.FromSeconds(20),
        };

    private static Task<MailDelivery> SendAsync(SmtpSink sink, SmtpOptions options, bool trusted)
    {
        var delivery = new SmtpDelivery(trusted && sink.Certificate is { } certificate ? new TrustedRoots(certificate) : null);
        var message = new MimeMessage { Subject = "Test", Body = new TextPart("plain") { Text = "Test" } };
        message.From.Add(MailboxAddress.Parse(options.From));
        message.To.Add(MailboxAddress.Parse("alice@example.com"));
        return delivery.SendAsync(message, options, CancellationToken.None);
    }
}
