using System.ComponentModel;
using System.Diagnostics;
using Cortex.Tests.Clients;

namespace Cortex.Tests.Upgrade;

/// <summary>
/// What this build is an upgrade of: the commit that <c>CORTEX_UPGRADE_FROM</c> names, or else the newest version tag before this commit, or else
/// the commit before it.
/// </summary>
internal abstract record PreviousCommit
{
    private const string Variable = "CORTEX_UPGRADE_FROM";

    private PreviousCommit()
    {
    }

    /// <param name="Id">Its full id.</param>
    /// <param name="Name">How it was found: a tag, for example.</param>
    internal sealed record Known(string Id, string Name) : PreviousCommit;

    /// <param name="Reason">What would make it known.</param>
    internal sealed record Unknown(string Reason) : PreviousCommit;

    /// <summary>Looks into the history of the repository; throws when the variable names a commit that is not there.</summary>
    public static async Task<PreviousCommit> FindAsync()
    {
        if (await GitAsync("rev-parse", "--show-prefix") is not "")
            return new Unknown("The sources are no clone: there is no history to take the previous gateway from.");
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } wanted)
        {
            return await CommitAsync(wanted) is { } asked
                ? new Known(asked, wanted)
                : throw new InvalidOperationException($"{Variable} names '{wanted}', and there is no such commit in this clone.");
        }

        if (await CommitAsync("HEAD^") is not { } parent)
            return new Unknown("This clone holds one commit alone: git fetch --unshallow --tags");
        return await GitAsync("describe", "--tags", "--abbrev=0", "--match", "v[0-9]*", "HEAD^") is { } tag && await CommitAsync(tag) is { } released
            ? new Known(released, tag)
            : new Known(parent, "the commit before");
    }

    private static Task<string?> CommitAsync(string name) => GitAsync("rev-parse", "--quiet", "--verify", $"{name}^{{commit}}");

    /// <summary>What git says, without the end of the line; null when it refuses or is not installed.</summary>
    private static async Task<string?> GitAsync(params string[] arguments)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["-C", Repository.PathOf(), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = git.StandardError.ReadToEndAsync();
            var output = await git.StandardOutput.ReadToEndAsync();
            await error;
            await git.WaitForExitAsync();
            return git.ExitCode == 0 ? output.Trim() : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
