using System.Text.Json;

namespace Cortex.Tests.Clients;

/// <summary>Runs a client script of <c>Clients/node</c> and reads the one JSON line it prints.</summary>
internal static class NodeClient
{
    public const string Legacy = "legacy-client.mjs";
    public const string Modern = "modern-client.mjs";
    public const string Remote = "remote-client.mjs";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <summary>The folder of the scripts; fails the test when its packages are not installed.</summary>
    public static string Folder
    {
        get
        {
            var folder = Repository.PathOf("Gateway.Tests", "Clients", "node");
            if (!Directory.Exists(Path.Combine(folder, "node_modules")))
                throw new InvalidOperationException("Install the packages of the client tests first: npm ci --ignore-scripts --prefix Gateway.Tests/Clients/node");
            return folder;
        }
    }

    /// <summary>Starts a script of <c>behaviours</c> for a client of the stage's era.</summary>
    public static NodeRun Start(EraStage stage, string behaviour, params IEnumerable<string> arguments) =>
        Start(stage.IsModern, stage.Url, stage.Person.AccessToken, behaviour, arguments);

    /// <summary>Starts a script of <c>behaviours</c> for a client of either era, at any gateway.</summary>
    public static NodeRun Start(bool isModern, string url, string token, string behaviour, params IEnumerable<string> arguments)
    {
        string[] given =
        [
            $"behaviours/{behaviour}.mjs",
            "--sdk", isModern ? "modern" : "legacy",
            "--url", url,
            "--token", token,
            .. arguments,
        ];
        return new NodeRun(behaviour, ChildProcess.Start("node", given, Folder));
    }

    /// <summary>Runs a script of <c>behaviours</c> that tells of no steps.</summary>
    public static async Task<NodeSight> RunAsync(EraStage stage, string behaviour, params IEnumerable<string> arguments)
    {
        await using var run = Start(stage, behaviour, arguments);
        return await run.EndAsync();
    }

    /// <summary>Runs <paramref name="script"/> and returns what it saw; fails the test when it does not end in time or breaks.</summary>
    public static async Task<NodeSight> RunAsync(string script, params IEnumerable<string> arguments)
    {
        await using var process = ChildProcess.Start("node", [script, .. arguments], Folder);
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var output = await process.ReadToEndAsync(limit.Token);
            var line = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
            return line is not null && process.ExitCode == 0
                ? new NodeSight(JsonSerializer.Deserialize<JsonElement>(line))
                : throw new InvalidOperationException($"{script} ended with {process.ExitCode}: {output}{process.Error}");
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{script} did not end within {Limit}: {process.Error}");
        }
    }
}
