using System.Diagnostics;
using Cortex.Tests.Clients;
using Cortex.Tests.Docs.Commands;
using Cortex.Tests.Docs.Shell;

namespace Cortex.Tests.Docs.Blocks;

/// <summary>Commands for a shell: bash can read them, and each is of a kind that is known and holds to its rule.</summary>
internal sealed class ShellBlock : IBlockRule
{
    public bool Takes(DocsBlock block) => block.Language is "sh" or "bash" or "shell";

    public IEnumerable<string> Faults(DocsBlock block) => FaultsOf(block.Text, block.Line);

    /// <param name="script">The commands.</param>
    /// <param name="before">The line before the first, for what is told.</param>
    public static IReadOnlyList<string> FaultsOf(string script, int before)
    {
        if (BashRefuses(script) is { } refusal)
            return [$"bash can't read it: {refusal}"];
        return [.. ShellReader.Read(script).SelectMany(command => CommandRules.FaultsOf(command).Select(fault => $"line {before + command.Line}, '{command}': {fault}"))];
    }

    private static string? BashRefuses(string script)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-n"]) { RedirectStandardInput = true, RedirectStandardError = true, WorkingDirectory = Repository.PathOf() })
            ?? throw new InvalidOperationException("bash did not start.");
        bash.StandardInput.Write(script);
        bash.StandardInput.Close();
        var error = bash.StandardError.ReadToEnd();
        bash.WaitForExit();
        return bash.ExitCode == 0 ? null : error.Trim();
    }
}
