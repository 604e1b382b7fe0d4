using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Cortex.Bench.Faults;

/// <summary>
/// Two gateways before the same good backends, one of them with two bad ones more: one in a black hole since before the start, and one that lies. Both
/// get the same load in turn, so that what else goes on at the machine hits both, while somebody keeps calling the liar.
/// </summary>
internal static class FaultRun
{
    public static async Task<FaultResult> RunAsync(FaultOptions options, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("cortex-faults-").FullName;
        try
        {
            return await RunAsync(options, folder, output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<FaultResult> RunAsync(FaultOptions options, string folder, TextWriter output)
    {
        var self = Assembly.GetExecutingAssembly().Location;
        var (backendUrl, liarUrl, calmUrl, troubledUrl) = (ChildProcess.FreeUrl(), ChildProcess.FreeUrl(), ChildProcess.FreeUrl(), ChildProcess.FreeUrl());
        using var hole = await BlackHole.OpenAsync();
        await using var issuer = await BenchIssuer.StartAsync();
        await using var backend = await ChildProcess.StartAsync(Path.Combine(folder, "backend.log"), (HttpMethod.Post, backendUrl), self, "backend", backendUrl);
        await using var liar = await ChildProcess.StartAsync(Path.Combine(folder, "liar.log"), (HttpMethod.Post, liarUrl), self, "liar", liarUrl);
        IReadOnlyList<string> good = [.. Enumerable.Range(1, options.Backends - 2).Select(number => string.Create(CultureInfo.InvariantCulture, $"b{number:00}"))];
        var goodOnes = good.Select(name => $"  {name}: {{ kind: contract, url: {backendUrl}{BackendServer.SmallPath}{name} }}");
        await using var calm = await StartAsync("without", calmUrl, goodOnes);
        await using var troubled = await StartAsync(
            "with", troubledUrl, [.. goodOnes, $"  hole: {{ kind: contract, url: {hole.Url} }}", $"  liar: {{ kind: contract, url: {liarUrl} }}"]);

        var without = new FaultSubjects(calmUrl, Token(calmUrl), good);
        var with = new FaultSubjects(troubledUrl, Token(troubledUrl), good);
        foreach (var subject in without.Calls.Concat(with.Calls).Append(without.List).Append(with.List))
            await ExpectAsync(subject);
        var states = await StatesAsync(with);
        var part = await ReadyAsync(troubledUrl);
        await output.WriteLineAsync($"whoami says: {string.Join("; ", states)}. /readyz says: {part}.");
        using var nuisance = new Nuisance(with.Lie);
        var table = new FaultTable(output);
        await table.WriteHeadAsync();
        var inTurn = new InTurn(options);
        var lists = await table.WriteAsync("tools/list", await inTurn.RunAsync([without.List], [with.List]));
        var calls = await table.WriteAsync("tools/call", await inTurn.RunAsync(without.Calls, with.Calls));
        await output.WriteLineAsync($"Calls of the lying backend meanwhile: {nuisance.Calls}.");
        return new FaultResult(states, part, lists, calls, nuisance.Calls);

        async Task<ChildProcess> StartAsync(string name, string url, IEnumerable<string> backends)
        {
            var place = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
            var config = Path.Combine(place, "cortex.yaml");
            await File.WriteAllTextAsync(config, Configuration(url, issuer.Url, backends));
            var started = Stopwatch.GetTimestamp();
            var gateway = await ChildProcess.StartAsync(
                Path.Combine(place, "gateway.log"), (HttpMethod.Get, url + "/readyz"), options.Gateway, "serve", "--config", config, "--urls", url);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"The gateway {name} the two was ready after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s."));
            return gateway;
        }

        string Token(string gateway) => issuer.Token(gateway + "/mcp", "mcp:bench:use");
    }

    private static async Task<string> ExpectAsync(Subject subject)
    {
        var reply = await LoadGenerator.TryAsync(subject);
        return reply.Contains(subject.Expected, StringComparison.Ordinal) ? reply : throw new InvalidOperationException($"'{subject.Name}' answered: {reply}");
    }

    private static async Task<IReadOnlyList<string>> StatesAsync(FaultSubjects subjects) =>
        [.. FaultReplies.Apps(await ExpectAsync(subjects.WhoAmI)).Where(app => app.StartsWith("hole", StringComparison.Ordinal) || app.StartsWith("liar", StringComparison.Ordinal))];

    private static async Task<string> ReadyAsync(string gateway)
    {
        using var http = new HttpClient();
        return FaultReplies.Part(await http.GetStringAsync(new Uri(gateway + "/readyz")), "backend:hole");
    }

    private static string Configuration(string gateway, string issuer, IEnumerable<string> backends) => $$"""
        gateway: { publicUrl: {{gateway}} }
        storage: { database: "sqlite:cortex.db" }
        identity:
          authorizationServer: { enabled: false }
          issuers: [ { issuer: {{issuer}}, jwksUrl: {{issuer}}/keys } ]
        limits: { requests: { perMinute: 100000000, burst: 100000000, clientPerMinute: 100000000, clientBurst: 100000000 } }
        backends:
        {{string.Join('\n', backends)}}
        """;
}
