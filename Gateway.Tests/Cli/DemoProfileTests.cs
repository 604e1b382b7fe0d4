using System.Globalization;
using System.Net;
using System.Text;
using Cortex.Tests.Clients;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Cli;

/// <summary><c>config/examples/demo.yaml</c> as it ships, in the real program: a stranger signs up by mail, reads, can't write, and is held to the limits.</summary>
internal sealed class DemoProfileTests
{
    private const string Visitor = "visitor@example.com";

    private SmtpSink _sink = null!;
    private Webmail _webmail = null!;
    private GatewayProcess _process = null!;
    private string _url = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _sink = SmtpSink.Start();
        _webmail = new Webmail(_sink);
        await _webmail.StartAsync();
        _url = $"http://127.0.0.1:{ServerProcess.FreePort()}";
        _process = await GatewayProcess.ServeAsync(
            GatewayProcess.FolderWith(await File.ReadAllTextAsync(Repository.PathOf("config", "examples", "demo.yaml"))),
            _url,
            ("PUBLIC_URL", _url),
            ("SMTP_HOST", "127.0.0.1"),
            ("SMTP_USERNAME", SmtpSink.Username),
            ("SMTP_PASSWORD", SmtpSink.Password),
            ("SMTP_FROM", "Cortex demo <demo@example.com>"),
            ("CORTEX__identity__authorizationServer__smtp__port", _sink.Port.ToString(CultureInfo.InvariantCulture)),
            ("CORTEX__identity__authorizationServer__smtp__security", "none"),
            ("CORTEX__gateway__management__port", ""),
            ("CORTEX__backends__notes__url", $"http://127.0.0.1:{ServerProcess.FreePort()}"));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _process.DisposeAsync();
        await _webmail.DisposeAsync();
        await _sink.DisposeAsync();
    }

    [Test]
    public async Task Stranger_signs_up_by_mail_and_reads_then_registrations_from_one_address_come_to_an_end()
    {
        var seen = await NodeClient.RunAsync(NodeClient.Modern, "--url", $"{_url}/mcp", "--email", Visitor, "--mailbox", _webmail.Url, "--tool", "notes_list_notes");

        Assert.That(seen.Error, Is.Null);
        Assert.That(seen.IsError, Is.False, seen.ResultText);
        Assert.That(seen.Tools, Does.Contain("notes_list_notes").And.Contain("whoami"));
        Assert.That(seen.Tools, Does.Not.Contain("notes_save_note").And.Not.Contain("notes_delete_note").And.Not.Contain("report_missing_capability"));
        Assert.That(_process.Lines, Has.Some.Contains("Hosting environment: Production"));

        Assert.That(await RegisterAsync(25), Does.Contain(HttpStatusCode.Created).And.Contain(HttpStatusCode.TooManyRequests));
    }

    private async Task<List<HttpStatusCode>> RegisterAsync(int times)
    {
        using var http = new HttpClient();
        var statuses = new List<HttpStatusCode>();
        while (statuses.Count < times)
        {
            using var body = new StringContent("""{"redirect_uris": ["http://127.0.0.1:9/callback"], "token_endpoint_auth_method": "none"}""", Encoding.UTF8, "application/json");
            using var reply = await http.PostAsync(new Uri($"{_url}/oauth/register"), body);
            statuses.Add(reply.StatusCode);
        }

        return statuses;
    }
}
