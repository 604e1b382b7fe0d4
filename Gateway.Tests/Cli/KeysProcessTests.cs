using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Cli;

/// <summary>The program's keys, changed by an operator while it serves.</summary>
[Category("Slow")]
internal sealed class KeysProcessTests
{
    [Test]
    public async Task Key_is_rotated_while_the_gateway_serves_and_the_next_start_needs_the_new_one_alone()
    {
        var url = $"http://127.0.0.1:{ServerProcess.FreePort()}";
        var yaml = $"gateway: {{ publicUrl: {url} }}\nidentity: {{ authorizationServer: {{ allowDevelopmentSignIn: true }} }}\nvault: {{ keyFile: keys/ring }}\n";
        var folder = GatewayProcess.FolderWith(yaml);
        await using var serving = await GatewayProcess.ServeAsync(folder, url);
        var before = await File.ReadAllTextAsync(Path.Combine(folder, "keys", "ring"));

        var (exit, lines) = await RunAsync(folder, "rotate");

        Assert.That(exit, Is.Zero, string.Join('\n', lines));
        Assert.That(lines[^1], Does.StartWith("4 of 4  dropped key-"));
        await serving.LineAsync(line => line.Contains("Took over the key file: 1 keys", StringComparison.Ordinal));
        var after = await File.ReadAllTextAsync(Path.Combine(folder, "keys", "ring"));
        Assert.That(after, Is.Not.EqualTo(before));
        await serving.StopAsync();

        var next = GatewayProcess.FolderWith(yaml);
        foreach (var file in new[] { "data", "keys" })
            Directory.Move(Path.Combine(folder, file), Path.Combine(next, file));
        await using var again = await GatewayProcess.ServeAsync(next, url);
        var (listed, keys) = await RunAsync(next, "list");
        Assert.That(listed, Is.Zero);
        Assert.That(keys.Single(), Does.Match("^key-[0-9a-f-]+  seals  [1-9][0-9]* keys$"));
    }

    private static async Task<(int Exit, IReadOnlyList<string> Lines)> RunAsync(string folder, string command)
    {
        // The program's own folder goes with it; it reads the configuration of the one that serves.
        await using var process = GatewayProcess.Start(Directory.CreateTempSubdirectory("cortex-keys-").FullName, ["keys", command, "--config", Path.Combine(folder, "cortex.yaml")]);
        return (await process.EndAsync(), process.Lines);
    }
}
