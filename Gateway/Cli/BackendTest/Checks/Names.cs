using Cortex.Catalog.Names;
using Cortex.Foundation.Configuration;

namespace Cortex.Cli.BackendTest.Checks;

/// <summary>What the names of a list must be together: each once, and short enough with the gateway's prefix.</summary>
internal static class Names
{
    private const int MaxLength = NameForm.MaxLength;

    /// <summary>What is left by default when clients have put their own before a name.</summary>
    private static readonly int Room = MaxLength - new GatewayOptions().NameBudget;

    public static void Check(BackendTestRun run, string check, IEnumerable<string> names)
    {
        var all = names.ToList();
        var isSound = true;
        foreach (var twice in all.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            isSound = false;
            run.Findings.Fail(check, $"'{twice.Key}' is listed {twice.Count()} times", "List each name once: the gateway keeps one of them");
        }

        var prefix = run.Options.Prefix.Length == 0 ? 0 : run.Options.Prefix.Length + 1;
        foreach (var name in all.Distinct().Where(name => name.Length <= MaxLength && name.Length + prefix > Room))
        {
            isSound = false;
            var message = $"'{(prefix == 0 ? "" : $"{run.Options.Prefix}_")}{name}' has {name.Length + prefix} characters";
            if (name.Length + prefix > MaxLength)
                run.Findings.Fail(check, $"{message}, and many clients take {MaxLength}", $"Shorten the name to {Room - prefix} characters, or choose a shorter prefix");
            else
                run.Findings.Warn(check, $"{message}, and the gateway cuts what is longer than {Room} unless gateway.nameBudget says otherwise", $"Shorten the name to {Room - prefix} characters, or choose a shorter prefix");
        }

        if (isSound && all.Count > 0)
            run.Findings.Ok(check, "each name is there once, and short enough");
    }
}
