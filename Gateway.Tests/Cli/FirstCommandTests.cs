using Cortex.Tests.Clients;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Cli;

/// <summary>The README's first command, word by word, in the folder of the repository.</summary>
internal sealed class FirstCommandTests
{
    [Test]
    public async Task Dotnet_run_serves_the_shipped_configuration_and_tells_what_to_do_next()
    {
        var data = Directory.CreateTempSubdirectory("cortex-run-").FullName;
        var url = $"http://localhost:{ServerProcess.FreePort()}";
        var configuration = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;
        await using var run = ChildProcess.Start(
            "dotnet",
            ["run", "--project", "Gateway", "--no-build", "-c", configuration],
            Repository.PathOf(),
            ("CORTEX__gateway__publicUrl", url),
            ("CORTEX__storage__database", $"sqlite:{data}/cortex.db"),
            ("CORTEX__backends__notes__url", $"http://127.0.0.1:{ServerProcess.FreePort()}"));

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var lines = new List<string>();
        while (await run.ReadLineAsync(limit.Token) is { } line)
        {
            lines.Add(line);
            if (line.Contains("Content root path", StringComparison.Ordinal))
                break;
        }

        run.ReadAway();
        Assert.That(lines, Has.Some.Contains(
            $"serves MCP at {url}/mcp. Backends: notes. Sign-in: development. Connect Claude Code with: claude mcp add --transport http cortex {url}/mcp"));
        using var http = new HttpClient();
        Assert.That(await http.GetStringAsync(new Uri($"{url}/healthz"), limit.Token), Does.Contain("ok"));
    }
}
