using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Observability;

/// <summary>What arrives at a collector, by OTLP over HTTP.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class OtlpTests
{
    [TestCase("OTEL_EXPORTER_OTLP_ENDPOINT", "", "/v1/metrics,/v1/traces")]
    [TestCase("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "/v1/traces", "/v1/traces")]
    [TestCase("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "/v1/metrics", "/v1/metrics")]
    public async Task Otlp_exports_the_signals_that_the_environment_gives_an_address_for(string variable, string path, string expected)
    {
        await using var collector = await Collector.StartAsync();

        await RunAsync(new() { [variable] = collector.Url + path }, "/open");

        Assert.That(collector.Bodies.Keys.Order(), Is.EqualTo(expected.Split(',')));
    }

    [Test]
    public async Task Spans_bear_no_query_and_none_are_made_for_probes()
    {
        await using var collector = await Collector.StartAsync();

        await RunAsync(new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url }, "/open?code=very-secret", "/healthz", "/readyz?x=1", "/metrics");

        var traces = collector.Bodies["/v1/traces"];
        Assert.Multiple(() =>
        {
            Assert.That(traces, Does.Match(ServerSpanOf("/open")));
            Assert.That(traces, Does.Contain("cortex-gateway"));
            Assert.That(traces, Does.Not.Contain("secret").And.Not.Contain("code=").And.Not.Contain("url.query"));
            Assert.That(traces, Does.Not.Match(ServerSpanOf("/(healthz|readyz|metrics)")));
        });
    }

    /// <summary>The attribute that only spans of received requests have, in protobuf: name, tags and lengths, value.</summary>
    private static string ServerSpanOf(string path) => $"url\\.path[^/]{{2,6}}{path}";

    private static async Task RunAsync(Dictionary<string, string?> settings, params string[] paths)
    {
        settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        await using var host = await ProbeHost.StartAsync(settings: settings);
        foreach (var path in paths)
        {
            using var response = await host.GetAsync(path);
        }

        await host.StopAsync();
    }

    private sealed class Collector(WebApplication app, ConcurrentDictionary<string, string> bodies) : IAsyncDisposable
    {
        public string Url => app.Urls.First();

        public IReadOnlyDictionary<string, string> Bodies => bodies;

        public static async Task<Collector> StartAsync()
        {
            var bodies = new ConcurrentDictionary<string, string>();
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            app.Run(async context =>
            {
                using var reader = new StreamReader(context.Request.Body, Encoding.Latin1);
                var body = await reader.ReadToEndAsync();
                bodies.AddOrUpdate(context.Request.Path.Value!, body, (_, before) => before + body);
                context.Response.ContentType = "application/x-protobuf";
            });
            await app.StartAsync();
            return new Collector(app, bodies);
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
