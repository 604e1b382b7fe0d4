using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Cortex.Foundation.Outbound;
using Cortex.Identity.Callers;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Cortex.Identity.AuthorizationServer.SignIn.MagicLink;

/// <summary>
/// Hands one mail to the configured mail server, on a connection of its own and within <see cref="SmtpOptions.Timeout"/>. TLS is what the
/// configuration says: a server that does not offer it, or whose certificate does not count, gets neither password nor mail.
/// </summary>
internal sealed class SmtpDelivery(TrustedRoots? roots = null)
{
    public async Task<MailDelivery> SendAsync(MimeMessage message, SmtpOptions options, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.Timeout);
        try
        {
            using var client = new SmtpClient { CheckCertificateRevocation = false };
            if (roots is not null)
                client.ServerCertificateValidationCallback = (_, certificate, _, errors) => IsTrusted(certificate, errors, roots);
            await client.ConnectAsync(options.Host, options.FindPort(), SocketOptionsOf(options.Security), deadline.Token);
            if (options is { Username: { } username, Password: { } password })
                await client.AuthenticateAsync(username, password.Reveal(), deadline.Token);
            await client.SendAsync(message, deadline.Token);
            await client.DisconnectAsync(quit: false, CancellationToken.None);
            return MailDelivery.Accepted.Instance;
        }
        catch (SmtpCommandException exception) when (exception.ErrorCode == SmtpErrorCode.RecipientNotAccepted && (int)exception.StatusCode >= 500)
        {
            return new MailDelivery.Refused($"the server answered {(int)exception.StatusCode} to the recipient");
        }
        catch (SmtpCommandException exception)
        {
            // The server's text may hold the address.
            return new MailDelivery.Failed($"the server answered {(int)exception.StatusCode} ({exception.ErrorCode})");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new MailDelivery.Failed($"the server did not take the mail within {options.Timeout}");
        }
        catch (Exception exception) when (exception is CommandException or ProtocolException or AuthenticationException or SslHandshakeException
            or NotSupportedException or SocketException or IOException or TimeoutException)
        {
            return new MailDelivery.Failed($"{exception.GetType().Name}: {exception.Message}");
        }
    }

    private static SecureSocketOptions SocketOptionsOf(SmtpSecurity security) => security switch
    {
        SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
        SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
        _ => SecureSocketOptions.None,
    };

    private static bool IsTrusted(X509Certificate? certificate, SslPolicyErrors errors, TrustedRoots roots)
    {
        if (certificate is not X509Certificate2 presented || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
            return false;
        using var chain = new X509Chain { ChainPolicy = roots.ToChainPolicy() };
        return chain.Build(presented);
    }
}
