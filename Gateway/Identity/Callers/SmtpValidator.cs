using System.Net;
using System.Net.Mail;
using Cortex.Foundation.Configuration;

namespace Cortex.Identity.Callers;

/// <summary>Checks the settings of the mail server, which the magic-link sign-in can't do without.</summary>
internal static class SmtpValidator
{
    private const string Path = "identity.authorizationServer.smtp";

    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(2);

    public static void Validate(AuthorizationServerOptions options, SectionValidation validation)
    {
        if (options.Smtp is { } smtp)
            Check(smtp, validation);
        else if (options.Enabled && options.SignIn.Contains(SignInKind.MagicLink))
            validation.Error(Path, "the magic-link sign-in has no mail server to send by", "Write host and from below it, or take magicLink out of identity.authorizationServer.signIn");
    }

    private static void Check(SmtpOptions smtp, SectionValidation validation)
    {
        if (Uri.CheckHostName(smtp.Host) == UriHostNameType.Unknown)
            validation.Error($"{Path}.host", smtp.Host.Length == 0 ? "no mail server is named" : $"'{smtp.Host}' is not a host", "Write a name such as smtp.example.com; the port has a key of its own");
        else if (smtp.Security == SmtpSecurity.None && !smtp.AllowPlaintext && !IsLoopback(smtp.Host))
            validation.Error($"{Path}.security", $"'{smtp.Host}' would get sign-in links over plaintext", "Write startTls or tls, or set allowPlaintext: true beside it");
        if (smtp.Port is < 1 or > 65535)
            validation.Error($"{Path}.port", "there is no such port", "Write 1 to 65535, or remove the key");
        if (!MailAddress.TryCreate(smtp.From, out _) || smtp.From.Any(char.IsControl))
            validation.Error($"{Path}.from", smtp.From.Length == 0 ? "no sender is named" : $"'{smtp.From}' is not an e-mail address", "Write an address such as signin@example.com, or 'Cortex <signin@example.com>'");
        if (smtp.Username is null != smtp.Password is null)
            validation.Error(Path, "user name and password belong together", "Write both, or neither");
        if (smtp.Timeout < TimeSpan.FromSeconds(1) || smtp.Timeout > LongestTimeout)
            validation.Error($"{Path}.timeout", "the time is out of range", "Write 1s to 2m");
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
