using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using MimeKit;

namespace Cortex.Tests.Fixtures;

/// <summary>A mail server on loopback that keeps what it is sent: SMTP with STARTTLS or TLS, and AUTH PLAIN, as far as a client needs it.</summary>
internal sealed partial class SmtpSink : IAsyncDisposable
{
    public const string Username = "gateway";
    public const string Password = "correct horse";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<MimeMessage> _mails = new();
    private readonly ConcurrentBag<Task> _talks = [];
    private readonly Task _accepting;

    private SmtpSink()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>What it calls itself in its certificate.</summary>
    public X509Certificate2? Certificate { get; private init; }

    /// <summary>True: TLS from the first byte.</summary>
    public bool Implicit { get; private init; }

    /// <summary>A recipient that it refuses.</summary>
    public string? Refused { get; set; }

    /// <summary>True: says nothing at all.</summary>
    public bool Silent { get; set; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Mails taken so far, oldest first.</summary>
    public IReadOnlyList<MimeMessage> Mails => [.. _mails];

    /// <summary>Who signed in last; null when nobody did.</summary>
    public string? SignedIn { get; private set; }

    public static SmtpSink Start() => new();

    /// <summary>A server with a certificate of its own for <c>localhost</c>.</summary>
    public static SmtpSink StartSecure(bool implicitly) => new() { Certificate = Certify(), Implicit = implicitly };

    /// <summary>What a gateway is told of it.</summary>
    public string Settings(string more = "") => $"smtp: {{ host: 127.0.0.1, port: {Port}, security: none, from: 'Cortex <signin@cortex.example>' {more} }}";

    /// <summary>The link in the newest mail to an address.</summary>
    public Uri LinkTo(string recipient)
    {
        var mail = _mails.Last(mail => mail.To.Mailboxes.Single().Address == recipient);
        return new Uri(Link().Match(mail.TextBody ?? "").Value);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_talks);
        _stop.Dispose();
        Certificate?.Dispose();
    }

    private static X509Certificate2 Certify()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _talks.Add(TalkAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var connection = client;
        try
        {
            Stream stream = client.GetStream();
            if (Implicit)
                stream = await SecureAsync(stream);
            await ServeAsync(stream);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The client went away, or did not trust the certificate: nothing was taken.
        }
    }

    private async Task ServeAsync(Stream stream)
    {
        if (Silent)
        {
            await Task.Delay(Timeout.Infinite, _stop.Token);
            return;
        }

        var lines = new StreamReader(stream, Encoding.Latin1);
        await SayAsync(stream, "220 localhost");
        while (await lines.ReadLineAsync(_stop.Token) is { } line)
        {
            var command = line.Split(' ', ':')[0].ToUpperInvariant();
            switch (command)
            {
                case "EHLO":
                    await SayAsync(stream, Certificate is not null && stream is not SslStream ? "250-localhost\r\n250 STARTTLS" : "250-localhost\r\n250 AUTH PLAIN");
                    break;
                case "STARTTLS":
                    await SayAsync(stream, "220 go on");
                    stream = await SecureAsync(stream);
                    lines = new StreamReader(stream, Encoding.Latin1);
                    break;
                case "AUTH":
                    await AuthenticateAsync(stream, line);
                    break;
                case "RCPT" when Refused is not null && line.Contains(Refused, StringComparison.Ordinal):
                    await SayAsync(stream, $"550 no such user {Refused}");
                    break;
                case "DATA":
                    await SayAsync(stream, "354 go on");
                    _mails.Enqueue(await ReadMailAsync(lines));
                    await SayAsync(stream, "250 taken");
                    break;
                case "QUIT":
                    await SayAsync(stream, "221 bye");
                    return;
                default:
                    await SayAsync(stream, "250 ok");
                    break;
            }
        }
    }

    private async Task<SslStream> SecureAsync(Stream stream)
    {
        var secured = new SslStream(stream);
        await secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, _stop.Token);
        return secured;
    }

    private async Task AuthenticateAsync(Stream stream, string line)
    {
        var parts = Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[^1])).Split('\0');
        var right = parts is [_, Username, Password];
        SignedIn = right ? parts[1] : null;
        await SayAsync(stream, right ? "235 welcome" : "535 wrong");
    }

    private async Task<MimeMessage> ReadMailAsync(StreamReader lines)
    {
        var mail = new StringBuilder();
        while (await lines.ReadLineAsync(_stop.Token) is { } line and not ".")
            mail.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        using var content = new MemoryStream(Encoding.Latin1.GetBytes(mail.ToString()));
        return await MimeMessage.LoadAsync(content, _stop.Token);
    }

    private async Task SayAsync(Stream stream, string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), _stop.Token);

    [GeneratedRegex("""https?://\S+""")]
    private static partial Regex Link();
}
