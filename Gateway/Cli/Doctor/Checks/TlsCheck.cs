using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Cortex.Cli.Doctor.Wire;
using Cortex.Cli.Findings;

namespace Cortex.Cli.Doctor.Checks;

/// <summary>Whether clients take the certificate, and tokens travel encrypted.</summary>
internal sealed class TlsCheck : IDoctorCheck
{
    private static readonly TimeSpan SoonOver = TimeSpan.FromDays(14);

    public async Task RunAsync(DoctorRun run, CancellationToken cancellationToken)
    {
        if (run.Url.Scheme == Uri.UriSchemeHttps)
        {
            if (!await HandshakeAsync(run, cancellationToken))
                run.Stop();
        }
        else if (run.Url.IsLoopback)
        {
            run.Findings.Ok("tls", "plain http stays on this machine");
        }
        else
        {
            run.Findings.Fail(
                FaultIds.TlsPlain,
                $"{run.Url.Host} is another machine, and tokens would reach it in plain text; clients refuse that",
                "End TLS at the proxy (nginx 'listen 443 ssl', 'tls' of the Ingress), set gateway.publicUrl to the https address, and give clients that");
        }
    }

    private static async Task<bool> HandshakeAsync(DoctorRun run, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(run.Options.Timeout);
        CertificateLook? look = null;
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(run.Url.IdnHost, run.Url.Port, deadline.Token);

            // Nothing but the handshake goes over this connection: whatever is shown is looked at.
            await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, certificate, chain, errors) =>
            {
                look = run.Trust.Look(certificate, chain, errors);
                return look is not null;
            });
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = run.Url.IdnHost, AllowTlsResume = false }, deadline.Token);
            return look is null
                ? Refuse(run, "the server shows no certificate")
                : Judge(run, look, tls.SslProtocol);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or SocketException)
        {
            return Refuse(run, ConnectionReason.Of(exception));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Refuse(run, $"the handshake did not end within {run.Options.Timeout.TotalSeconds:0.#} s");
        }
    }

    private static bool Refuse(DoctorRun run, string why)
    {
        run.Findings.Fail(
            FaultIds.TlsHandshake,
            $"TLS with {run.Origin} failed ({why})",
            "Offer TLS 1.2 and 1.3 at the proxy (nginx 'ssl_protocols TLSv1.2 TLSv1.3'), or give clients the http:// address if nothing there speaks TLS and it is this machine");
        return false;
    }

    private static bool Judge(DoctorRun run, CertificateLook look, SslProtocols protocol)
    {
        var findings = run.Findings;
        if (!look.IsInTime)
        {
            findings.Fail(
                FaultIds.TlsExpired,
                $"the certificate of {look.Subject}, or one it rests on, is not valid now (it ends at {look.NotAfter:u})",
                "Renew it, and have the proxy load it (nginx -s reload; with cert-manager see the Certificate and its secret in the 'tls' of the Ingress)");
        }

        if (!look.IsNamed)
        {
            findings.Fail(
                FaultIds.TlsHost,
                $"the certificate is for {(look.Names.Count == 0 ? look.Subject : string.Join(", ", look.Names))}, and not for {run.Url.IdnHost}",
                "Serve one that names the host: 'ssl_certificate' in the server block of nginx with this 'server_name', 'tls.hosts' of the Ingress (its default certificate names no host of yours)");
        }

        if (!look.IsTrusted)
        {
            findings.Fail(
                FaultIds.TlsUntrusted,
                $"nobody trusts who signed the certificate ({look.Authority}), or the chain is not whole",
                "Serve a certificate of a public authority with its intermediates ('ssl_certificate' takes the full chain); for an authority of your own run again with --ca FILE, and have every client trust it");
        }

        if (look is not { IsInTime: true, IsNamed: true, IsTrusted: true })
            return false;
        if (look.NotAfter - run.Time.GetUtcNow() < SoonOver)
            findings.Warn(FaultIds.TlsExpiry, $"the certificate ends at {look.NotAfter:u}", "Renew it, and see why that did not happen by itself");
        else
            findings.Ok("tls", $"{protocol.ToString().Replace("Tls1", "TLS 1.", StringComparison.Ordinal)}; the certificate is trusted, names the host, and ends at {look.NotAfter:u}");
        return true;
    }
}
