using System.Globalization;
using System.Reflection;

namespace Cortex.Bench;

/// <summary>Starts backend, bare YARP and gateway, each in a process of its own, loads one after the other, and prints the table.</summary>
internal static class Comparison
{
    private const int SettlingSeconds = 1;

    private const string Scopes = "mcp:bench:use mcp:native mcp:events";

    public static async Task<int> RunAsync(CompareOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("cortex-bench-").FullName;
        try
        {
            return await RunAsync(options, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> RunAsync(CompareOptions options, string folder)
    {
        var self = Assembly.GetExecutingAssembly().Location;
        var (backendUrl, yarpUrl, gatewayUrl) = (ChildProcess.FreeUrl(), ChildProcess.FreeUrl(), ChildProcess.FreeUrl());
        await using var issuer = await BenchIssuer.StartAsync();
        await using var backend = await ChildProcess.StartAsync(
            Path.Combine(folder, "backend.log"), (HttpMethod.Post, backendUrl), self, "backend", backendUrl);
        await using var yarp = await ChildProcess.StartAsync(
            Path.Combine(folder, "yarp.log"), (HttpMethod.Post, yarpUrl + BackendServer.ContractPath), self, "yarp", yarpUrl, backendUrl);
        var config = Path.Combine(folder, "cortex.yaml");
        await File.WriteAllTextAsync(config, Configuration(gatewayUrl, issuer.Url, backendUrl));
        await using var gateway = await ChildProcess.StartAsync(
            Path.Combine(folder, "gateway.log"), (HttpMethod.Get, gatewayUrl + "/readyz"), options.Gateway, "serve", "--config", config, "--urls", gatewayUrl);

        var subjects = Subjects.All(backendUrl, yarpUrl, gatewayUrl, issuer.Token(gatewayUrl + "/mcp", Scopes))
            .Where(subject => options.Only is null || subject.Name.Contains(options.Only, StringComparison.Ordinal));
        using var metrics = new GatewayMetrics(gatewayUrl);
        Table.WriteHead();
        foreach (var subject in subjects)
        {
            var reply = await LoadGenerator.TryAsync(subject);
            if (!reply.Contains(subject.Expected, StringComparison.Ordinal))
                throw new InvalidOperationException($"'{subject.Name}' answered: {reply}");
            var server = subject.Name switch { "direct" => backend, "bare YARP" => yarp, _ => gateway };
            await LoadGenerator.RunAsync(subject, options.Concurrency.Max(), options.WarmupSeconds);
            foreach (var connections in options.Concurrency)
            {
                await LoadGenerator.RunAsync(subject, connections, SettlingSeconds);
                var before = (Cpu: server.ProcessorTime, Bytes: await AllocatedAsync(server));
                var result = await LoadGenerator.RunAsync(subject, connections, options.Seconds);
                var cpu = server.ProcessorTime - before.Cpu;
                Table.Write(subject, connections, result, cpu, await AllocatedAsync(server) - before.Bytes);
            }
        }

        var dropped = await metrics.DroppedAuditRecordsAsync();
        Console.WriteLine();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Gateway afterwards: {gateway.WorkingSet / 1048576} MiB in memory, {dropped:0} audit records dropped."));
        return 0;

        async Task<double?> AllocatedAsync(ChildProcess server) =>
            server == gateway ? await metrics.AllocatedBytesAsync() : server == yarp ? await BareYarp.AllocatedBytesAsync(yarpUrl) : null;
    }

    private static string Configuration(string gateway, string issuer, string backend) => $$"""
        gateway: { publicUrl: {{gateway}} }
        storage: { database: "sqlite:cortex.db" }
        identity:
          authorizationServer: { enabled: false }
          issuers: [ { issuer: {{issuer}}, jwksUrl: {{issuer}}/keys } ]
        limits: { requests: { perMinute: 100000000, burst: 100000000, clientPerMinute: 100000000, clientBurst: 100000000 } }
        backends:
          bench: { kind: contract, url: {{backend}} }
          native: { kind: mcp, url: {{backend}}{{BackendServer.NativePath}} }
          events: { kind: mcp, url: {{backend}}{{BackendServer.EventsPath}} }
        """;
}
