using System.Formats.Tar;
using Cortex.Tests.Clients;
using NUnit.Framework;

namespace Cortex.Tests.Upgrade;

/// <summary>The gateway of <see cref="PreviousCommit"/>, built once from its sources and kept under <c>bin/previous</c>.</summary>
internal static class PreviousGateway
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(9);

    // A build server would outlive the test.
    private static readonly (string, string?)[] Quiet =
        [("MSBUILDDISABLENODEREUSE", "1"), ("DOTNET_CLI_USE_MSBUILD_SERVER", "0"), ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"), ("DOTNET_NOLOGO", "1")];

    /// <summary>Its <c>Gateway.dll</c>. Without a history the test that asks is skipped, and says what is missing.</summary>
    public static async Task<string> BuildAsync()
    {
        var found = await PreviousCommit.FindAsync();
        if (found is PreviousCommit.Unknown unknown)
            Assert.Ignore(unknown.Reason);
        var commit = (PreviousCommit.Known)found;
        TestContext.Out.WriteLine($"The previous gateway is that of {commit.Id}: {commit.Name}.");
        var kept = Directory.CreateDirectory(Repository.PathOf("Gateway.Tests", "bin", "previous")).FullName;
        var folder = Path.Combine(kept, commit.Id);
        if (!Directory.Exists(folder))
            await BuildAsync(commit, kept, folder);
        return Path.Combine(folder, "Gateway.dll");
    }

    /// <summary>Builds beside, and moves there what is whole.</summary>
    private static async Task BuildAsync(PreviousCommit.Known commit, string kept, string folder)
    {
        var work = Directory.CreateDirectory(Path.Combine(kept, Path.GetRandomFileName())).FullName;
        try
        {
            var sources = Directory.CreateDirectory(Path.Combine(work, "sources")).FullName;
            var archive = Path.Combine(work, "sources.tar");
            await RunAsync("git", ["-C", Repository.PathOf(), "archive", "--format=tar", "--output", archive, commit.Id], work);
            await TarFile.ExtractToDirectoryAsync(archive, sources, overwriteFiles: false);
            await RunAsync(
                "dotnet",
                ["publish", "Gateway", "-c", "Release", "-o", Path.Combine(work, "app"), "-p:RunAnalyzers=false", "-p:UseSharedCompilation=false", "-p:UseAppHost=false"],
                sources);
            Directory.Move(Path.Combine(work, "app"), folder);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task RunAsync(string program, string[] arguments, string folder)
    {
        await using var process = ChildProcess.Start(program, arguments, folder, Quiet);
        using var limit = new CancellationTokenSource(Limit);
        var output = await process.ReadToEndAsync(limit.Token);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"'{program} {arguments[0]}' failed: {output}{process.Error}");
    }
}
