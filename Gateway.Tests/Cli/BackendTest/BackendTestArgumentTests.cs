using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cortex.Cli.Findings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Cortex.Tests.Cli.BackendTest;

/// <summary>What <c>cortex backend test</c> says when it can't be run as asked, and when nobody answers.</summary>
internal sealed class BackendTestArgumentTests
{
    private const string Url = "http://127.0.0.1:1";

    [TestCase("'notes' is not the address of a backend", "notes")]
    [TestCase("'ftp://a' is not the address of a backend", "ftp://a")]
    [TestCase("'http://' is not the address of a backend", "http://")]
    [TestCase("'http://a/?b=c' is not the address of a backend", "http://a/?b=c")]
    [TestCase("The address holds a password", "http://ada:secret@127.0.0.1")]
    [TestCase("--issuer 'https://example.com' must be an http address of this machine", Url, "--issuer", "https://example.com")]
    [TestCase("exclude one another", Url, "--issuer", "http://127.0.0.1:2", "--bearer", "x")]
    [TestCase("exclude one another", Url, "--public", "--bearer", "x")]
    [TestCase("there is no such environment variable", Url, "--bearer", "env:CORTEX_NO_SUCH_VARIABLE")]
    [TestCase("--header 'nonsense' is not a header", Url, "--header", "nonsense")]
    [TestCase("--arguments is not a JSON object", Url, "--arguments", "[1]")]
    [TestCase("--timeout must be a number of seconds", Url, "--timeout", "0")]
    [TestCase("The key file '/proc/none/key.pem' can't be used", Url, "--issuer", "http://127.0.0.1:2", "--key", "/proc/none/key.pem")]
    [TestCase("'--bogus' is no option", "--bogus")]
    [TestCase("Option '--issuer' needs a value", Url, "--issuer", "--json")]
    public async Task Wrong_arguments_are_refused_with_the_mend(string expected, params string[] args)
    {
        var run = await BackendTestCli.RunPlainAsync(args);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Error, Does.Contain(expected).And.Not.Contain("secret"));
            Assert.That(run.Exit, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task Issuer_whose_port_is_taken_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var key = Path.GetTempFileName();
        File.Delete(key);

        var run = await BackendTestCli.RunPlainAsync(Url, "--issuer", $"http://{taken.LocalEndpoint}", "--key", key);

        File.Delete(key);
        Assert.That(run.Error, Does.Contain($"can't listen at http://{taken.LocalEndpoint}").And.Contain("--issuer"));
    }

    [Test]
    public async Task Refused_connection_is_named()
    {
        var finding = await OnlyFindingAsync(Url);

        Assert.That(finding.Message, Does.StartWith("nothing takes connections at http://127.0.0.1:1"));
        Assert.That(finding.Mend, Does.StartWith("Start the backend"));
    }

    [Test]
    public async Task Unknown_host_is_named()
    {
        var finding = await OnlyFindingAsync("http://no-such-host.invalid");

        Assert.That(finding.Message, Does.Contain("no-such-host.invalid"));
        Assert.That(finding.Mend, Is.Not.Empty);
    }

    [Test]
    public async Task Tls_that_nobody_speaks_is_named()
    {
        await using var server = await StartAsync(certificate: null);

        var finding = await OnlyFindingAsync(server.Urls.Single().Replace("http:", "https:", StringComparison.Ordinal));

        Assert.That(finding.Message, Does.StartWith("TLS with https://127.0.0.1"));
        Assert.That(finding.Mend, Does.Contain("write http://"));
    }

    [Test]
    public async Task Certificate_that_nobody_trusts_is_named()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=nobody", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var server = await StartAsync(certificate);

        var finding = await OnlyFindingAsync(server.Urls.Single());

        Assert.That(finding.Message, Does.StartWith("TLS with https://127.0.0.1").And.Contain("certificate"));
        Assert.That(finding.Mend, Does.Contain("a certificate that this machine trusts"));
    }

    [Test]
    public async Task Silent_backend_is_given_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();

        var finding = await OnlyFindingAsync($"http://{silent.LocalEndpoint}", "--timeout", "0.2");

        Assert.That(finding.Message, Is.EqualTo("no whole reply came within 0.2 s."));
        Assert.That(finding.Mend, Does.Contain("--timeout"));
    }

    private static async Task<Finding> OnlyFindingAsync(params string[] args)
    {
        var run = await BackendTestCli.RunAsync(args);
        Assert.That(run.Exit, Is.EqualTo(1), run.Error);
        return run.Findings.Single();
    }

    private static async Task<WebApplication> StartAsync(X509Certificate2? certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        if (certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        var app = builder.Build();
        app.Run(http => http.Response.WriteAsync("{}"));
        await app.StartAsync();
        return app;
    }
}
