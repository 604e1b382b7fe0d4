using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Cortex.Bench;

/// <summary>
/// Leaves sessions behind and holds streams open at a gateway in a process of its own, before a legacy server that keeps sessions, and weighs it:
/// (1) before, (2) with the sessions, (3) with the streams, (4) when the sessions have expired, (5) when all is over.
/// </summary>
internal static class Soak
{
    /// <summary>After this beyond the idle timeout what has expired is swept.</summary>
    private static readonly TimeSpan SweepTime = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan StreamEndDeadline = TimeSpan.FromSeconds(30);

    public static async Task<SoakResult> RunAsync(SoakOptions options, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("cortex-soak-").FullName;
        try
        {
            return await RunAsync(options, folder, output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<SoakResult> RunAsync(SoakOptions options, string folder, TextWriter output)
    {
        var (backendUrl, gatewayUrl) = (ChildProcess.FreeUrl(), ChildProcess.FreeUrl());
        await using var redis = options.Redis switch
        {
            null => null,
            "private" => await PrivateRedis.StartAsync(folder),
            var address => new PrivateRedis(address, null),
        };
        await using var issuer = await BenchIssuer.StartAsync();
        await using var backend = await ChildProcess.StartAsync(
            Path.Combine(folder, "backend.log"), (HttpMethod.Get, backendUrl + LegacyBackend.CountPath), Assembly.GetExecutingAssembly().Location, "backend", backendUrl);
        var config = Path.Combine(folder, "cortex.yaml");
        await File.WriteAllTextAsync(config, Configuration(gatewayUrl, issuer.Url, backendUrl, redis, options.Idle));
        await using var gateway = await ChildProcess.StartAsync(
            Path.Combine(folder, "gateway.log"), (HttpMethod.Get, gatewayUrl + "/readyz"), options.Gateway, "serve", "--config", config, "--urls", gatewayUrl);

        var endpoint = new Uri(gatewayUrl + "/mcp");
        string[] tokens = [.. Enumerable.Range(0, options.Persons).Select(person => issuer.Token(endpoint.AbsoluteUri, "mcp:legacy", $"person-{person}"))];
        var clients = new SessionFlood(endpoint, tokens);
        using var metrics = new GatewayMetrics(gatewayUrl);
        var scale = new Scale(gateway, metrics, redis);
        var run = new SoakRun(options, clients, new SoakStreams(endpoint, tokens), scale, output);
        await run.WarmUpAsync();

        var rounds = new List<SoakRound>();
        var (held, upstream) = (int.MaxValue, 0);
        for (var round = 0; round < options.Rounds; round++)
        {
            var before = await scale.WeighAsync();
            await run.OpenSessionsAsync();
            var started = Stopwatch.GetTimestamp();
            var withSessions = await scale.WeighAsync();
            using var streams = new StreamHold();
            var owners = await run.OpenStreamsAsync(streams);
            var withStreams = await scale.WeighAsync();
            upstream = Math.Max(upstream, await UsedUpstreamAsync(backendUrl));
            await output.WriteLineAsync($"Waiting for the sessions to expire, {options.Idle.TotalSeconds:0} s.");
            var left = options.Idle + SweepTime - Stopwatch.GetElapsedTime(started);
            if (left > TimeSpan.Zero)
                await Task.Delay(left);
            var expired = await scale.WeighAsync();
            held = Math.Min(held, streams.Open);
            await clients.EndAsync(owners);
            streams.Dispose();
            await UntilClosedAsync(metrics);
            rounds.Add(new SoakRound(before, withSessions, withStreams, expired, await scale.WeighAsync()));
        }

        var result = new SoakResult(rounds, options.Sessions, options.Streams, held, upstream, options.Persons * SessionFlood.CapabilitySets, clients.Failures);
        await SoakTable.WriteAsync(output, result);
        return result;
    }

    private static async Task<int> UsedUpstreamAsync(string backend)
    {
        using var http = new HttpClient();
        var counts = await http.GetStringAsync(new Uri(backend + LegacyBackend.CountPath));
        return int.Parse(counts.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private static async Task UntilClosedAsync(GatewayMetrics metrics)
    {
        var started = Stopwatch.GetTimestamp();
        while (await metrics.OpenStreamsAsync() is var open and > 0)
        {
            if (Stopwatch.GetElapsedTime(started) > StreamEndDeadline)
                throw new InvalidOperationException($"The gateway still holds {open} streams after their clients left.");
        }
    }

    private static string Configuration(string gateway, string issuer, string backend, PrivateRedis? redis, TimeSpan idle) => $$"""
        gateway: { publicUrl: {{gateway}}, sessions: { idleTimeout: {{idle.TotalSeconds.ToString(CultureInfo.InvariantCulture)}}s } }
        storage: { database: "sqlite:cortex.db"{{(redis is null ? "" : $", redis: \"{redis.Address}\"")}} }
        identity:
          authorizationServer: { enabled: false }
          issuers: [ { issuer: {{issuer}}, jwksUrl: {{issuer}}/keys } ]
        limits: { requests: { perMinute: 100000000, burst: 100000000, clientPerMinute: 100000000, clientBurst: 100000000 } }
        backends:
          legacy: { kind: mcp, url: {{backend}}{{LegacyBackend.Path}} }
        """;
}
