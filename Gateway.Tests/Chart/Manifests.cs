using System.Text.Json;
using System.Text.Json.Nodes;
using Cortex.Tests.Clients;

namespace Cortex.Tests.Chart;

/// <summary>The objects of one rendering, and what Kubernetes' own models say is missing or mistyped in them.</summary>
internal sealed record Manifests(string Text, IReadOnlyList<JsonObject> Objects, IReadOnlyList<string> Faults)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <summary>Renders with these arguments and reads the objects.</summary>
    public static async Task<Manifests> RenderAsync(params IReadOnlyList<string> arguments) => (await RenderAllAsync([(new Helm(4), arguments)])).Single();

    /// <summary>Renders several at once and reads them with one program, which takes long to start.</summary>
    public static async Task<IReadOnlyList<Manifests>> RenderAllAsync(IEnumerable<(Helm Helm, IReadOnlyList<string> Arguments)> wanted)
    {
        var folder = Directory.CreateTempSubdirectory("cortex-chart-");
        try
        {
            var files = new List<string>();
            foreach (var (helm, arguments) in wanted)
            {
                var run = await helm.TemplateAsync(arguments);
                if (run.ExitCode != 0)
                    throw new InvalidOperationException($"{helm} {string.Join(' ', arguments)}: {run.Error}");
                files.Add(Path.Combine(folder.FullName, $"{files.Count}.yaml"));
                await File.WriteAllTextAsync(files[^1], run.Output);
            }

            return await ReadAsync(files);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The only object of a kind.</summary>
    public JsonObject Single(string kind, string? name = null) => OfKind(kind).Single(candidate => name is null || (string?)candidate["metadata"]!["name"] == name);

    public IReadOnlyList<JsonObject> OfKind(string kind) => [.. Objects.Where(candidate => (string?)candidate["kind"] == kind)];

    /// <summary>The pod of the Deployment.</summary>
    public JsonObject Pod => Single("Deployment")["spec"]!["template"]!["spec"]!.AsObject();

    /// <summary>The container of the gateway.</summary>
    public JsonObject Container => Pod["containers"]![0]!.AsObject();

    /// <summary>The rendered <c>cortex.yaml</c>.</summary>
    public string Configuration => (string)Single("ConfigMap", $"{(string)Single("Deployment")["metadata"]!["name"]!}-config")["data"]!["cortex.yaml"]!;

    private static async Task<IReadOnlyList<Manifests>> ReadAsync(IReadOnlyList<string> files)
    {
        await using var process = ChildProcess.Start("node", ["objects.mjs", .. files], Helm.NodeFolder);
        using var limit = new CancellationTokenSource(Limit);
        var output = await process.ReadToEndAsync(limit.Token);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"objects.mjs: {process.Error}");
        var read = JsonSerializer.Deserialize<Dictionary<string, JsonObject>>(output)!;
        return
        [
            .. files.Select(file => new Manifests(
                File.ReadAllText(file),
                [.. read[file]["objects"]!.AsArray().Select(found => found!.AsObject())],
                [.. read[file]["faults"]!.AsArray().Select(fault => (string)fault!)])),
        ];
    }
}
