using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Cortex.Foundation.Observability;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Observability;

[TestFixture]
internal sealed class ProbeTests
{
    [Test]
    public async Task Healthz_is_200_without_a_token_and_under_any_host_name()
    {
        await using var host = await ProbeHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Url, "/healthz")) { Headers = { Host = "10.1.2.3" } };

        using var response = await host.Client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Readyz_with_a_waiting_part_is_503_naming_it()
    {
        await using var host = await ProbeHost.StartAsync();
        host.Readiness.Expect("catalog:notes");

        using var response = await host.GetAsync("/readyz");

        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(body.RootElement.GetProperty("status").GetString(), Is.EqualTo("waiting"));
            Assert.That(body.RootElement.GetProperty("parts").GetProperty("catalog:notes").GetProperty("state").GetString(), Is.EqualTo("waiting"));
        });
    }

    [TestCase(nameof(ReadinessState.Ready), "ready")]
    [TestCase(nameof(ReadinessState.Degraded), "degraded")]
    [TestCase(nameof(ReadinessState.Failed), "failed")]
    public async Task Readyz_with_a_tried_part_is_200_with_its_detail(string state, string word)
    {
        await using var host = await ProbeHost.StartAsync();
        host.Readiness.Expect("catalog:notes");
        host.Readiness.Report("catalog:notes", Enum.Parse<ReadinessState>(state), "what there is to say");

        using var response = await host.GetAsync("/readyz");

        var body = await response.Content.ReadAsStringAsync();
        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(body, Is.EqualTo(
                """{"status":"ready","parts":{"catalog:notes":{"state":"WORD","detail":"what there is to say"}}}""".Replace("WORD", word, StringComparison.Ordinal)));
        });
    }

    [Test]
    public void Readiness_of_a_part_reported_before_it_was_expected_keeps_the_report()
    {
        var readiness = new Readiness();
        readiness.Report("redis", ReadinessState.Ready);

        readiness.Expect("redis");

        Assert.That(readiness.Current.IsReady, Is.True);
    }

    [Test]
    public void Readiness_after_a_waiting_part_is_forgotten_is_ready()
    {
        var readiness = new Readiness();
        readiness.Expect("catalog:gone");

        readiness.Forget("catalog:gone");

        Assert.That(readiness.Current.IsReady, Is.True);
    }

    [Test]
    public async Task Readyz_while_draining_is_503_and_healthz_still_200()
    {
        await using var host = await ProbeHost.StartAsync();
        host.Readiness.Drain();

        using var ready = await host.GetAsync("/readyz");
        using var live = await host.GetAsync("/healthz");

        Assert.Multiple(() =>
        {
            Assert.That(ready.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(live.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        });
    }

    [Test]
    public async Task Stopping_the_host_drains()
    {
        await using var host = await ProbeHost.StartAsync();
        var readiness = host.Readiness;

        await host.StopAsync();

        Assert.That(readiness.Current, Has.Property(nameof(ReadinessSnapshot.Draining)).True.And.Property(nameof(ReadinessSnapshot.IsReady)).False);
    }

    [Test]
    public async Task ManagementPort_serves_the_probes_alone_and_the_other_port_does_not()
    {
        var port = FreePort();
        await using var host = await ProbeHost.StartAsync(port);
        var management = new Uri($"http://127.0.0.1:{port}");

        var statuses = new Dictionary<string, HttpStatusCode>
        {
            ["own /healthz"] = await StatusAsync(host, new Uri(management, "/healthz")),
            ["own /readyz"] = await StatusAsync(host, new Uri(management, "/readyz")),
            ["own /metrics"] = await StatusAsync(host, new Uri(management, "/metrics")),
            ["own /open"] = await StatusAsync(host, new Uri(management, "/open")),
            ["/healthz"] = await StatusAsync(host, new Uri(host.Url, "/healthz")),
            ["/metrics"] = await StatusAsync(host, new Uri(host.Url, "/metrics")),
            ["/open"] = await StatusAsync(host, new Uri(host.Url, "/open")),
        };

        Assert.That(statuses, Is.EqualTo(new Dictionary<string, HttpStatusCode>
        {
            ["own /healthz"] = HttpStatusCode.OK,
            ["own /readyz"] = HttpStatusCode.OK,
            ["own /metrics"] = HttpStatusCode.OK,
            ["own /open"] = HttpStatusCode.NotFound,
            ["/healthz"] = HttpStatusCode.NotFound,
            ["/metrics"] = HttpStatusCode.NotFound,
            ["/open"] = HttpStatusCode.OK,
        }));
    }

    private static async Task<HttpStatusCode> StatusAsync(ProbeHost host, Uri url)
    {
        using var response = await host.Client.GetAsync(url);
        return response.StatusCode;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
