using System.Net;
using System.Net.Sockets;
using Cortex.Backends;
using Cortex.Demo;
using Cortex.Foundation.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace Cortex.Tests.Demo;

/// <summary>Which demo backends run: exactly those the configuration names, now and after a reload.</summary>
internal sealed class DemoBackendsTests
{
    [Test]
    public async Task Only_a_backend_that_says_demo_gets_one()
    {
        var (demo, other) = (FreeUrl(), FreeUrl());
        await using var running = await Running.StartAsync(new() { ["notes"] = Entry(demo, demo: true), ["docs"] = Entry(other, demo: false) });

        Assert.That(await AnswersAsync(demo), Is.True);
        Assert.That(await AnswersAsync(other), Is.False);
    }

    [Test]
    public async Task Reload_starts_and_stops_demo_backends()
    {
        var (before, after) = (FreeUrl(), FreeUrl());
        await using var running = await Running.StartAsync(new() { ["notes"] = Entry(before, demo: true) });

        running.Reload(new() { ["notes"] = Entry(after, demo: true) });

        Assert.That(async () => await AnswersAsync(after), Is.True.After(10_000, 20));
        Assert.That(async () => await AnswersAsync(before), Is.False.After(10_000, 20));
    }

    [Test]
    public async Task Address_that_is_not_loopback_is_not_listened_at()
    {
        var port = new Uri(FreeUrl()).Port;
        await using var running = await Running.StartAsync(new() { ["notes"] = Entry($"http://0.0.0.0:{port}", demo: true) });

        Assert.That(await AnswersAsync($"http://127.0.0.1:{port}"), Is.False);
    }

    [Test]
    public async Task Address_that_is_taken_hurts_no_other()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var free = FreeUrl();

        await using var running = await Running.StartAsync(new()
        {
            ["a-taken"] = Entry($"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}", demo: true),
            ["b-free"] = Entry(free, demo: true),
        });

        Assert.That(await AnswersAsync(free), Is.True);
    }

    private static BackendOptions Entry(string url, bool demo) => new() { Url = url, Demo = demo };

    private static async Task<bool> AnswersAsync(string url)
    {
        using var http = new HttpClient();
        try
        {
            using var response = await http.GetAsync(url);
            return response.StatusCode is HttpStatusCode.NotFound;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string FreeUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }

    /// <summary>The hosted service on a configuration that the test swaps.</summary>
    private sealed class Running(DemoBackends demos, BackendRegistry registry, Swappable<BackendsOptions> options) : IAsyncDisposable
    {
        public static async Task<Running> StartAsync(BackendsOptions backends)
        {
            var options = new Swappable<BackendsOptions>(backends);
            var registry = new BackendRegistry(options);
            var addresses = new GatewayAddresses(new Swappable<GatewayOptions>(new GatewayOptions()));
            var demos = new DemoBackends(registry, addresses, TimeProvider.System, NullLoggerFactory.Instance);
            await demos.StartAsync(CancellationToken.None);
            return new Running(demos, registry, options);
        }

        public void Reload(BackendsOptions backends) => options.Swap(backends);

        public async ValueTask DisposeAsync()
        {
            await demos.StopAsync(CancellationToken.None);
            demos.Dispose();
            registry.Dispose();
        }
    }

    /// <summary>Options that a test replaces, as a reload does.</summary>
    private sealed class Swappable<T>(T first) : IOptionsMonitor<T>
    {
        private Action<T, string?>? _listener;

        public T CurrentValue { get; private set; } = first;

        public T Get(string? name) => CurrentValue;

        public IDisposable? OnChange(Action<T, string?> listener)
        {
            _listener += listener;
            return null;
        }

        public void Swap(T value)
        {
            CurrentValue = value;
            _listener?.Invoke(value, null);
        }
    }
}
