using System.Text.Json;
using Cortex.Backends.Contract;
using Cortex.Cli.BackendTest.Wire;

namespace Cortex.Cli.BackendTest.Checks;

/// <summary>Asks for a list that a backend need not have.</summary>
internal static class ListedThings
{
    /// <summary>The entries; none when the backend has no such list, or one that is not as it must be.</summary>
    /// <param name="method">The list's method, and the name of the check.</param>
    /// <param name="member">The member that holds the entries.</param>
    /// <param name="key">The member of an entry that names it.</param>
    public static async Task<IReadOnlyList<JsonElement>> AskAsync(BackendTestRun run, string method, string member, string key, CancellationToken cancellationToken)
    {
        if (await run.AskAsync(method, run.Callers.Gateway, method, "", cancellationToken) is not { } answer)
            return [];
        if (UnknownMethod.Means(answer.Outcome) || answer.Outcome is ContractOutcome.Denied)
        {
            run.Findings.Ok(method, $"the backend has none ({answer.Status})");
            return [];
        }

        if (answer.Value is not { } list)
        {
            run.Findings.Fail(method, Refused(answer), $"Answer 200 and {{\"{member}\": [ … ]}}, or 400 if there are none");
            return [];
        }

        if (!run.Fits(method, $"{method}.reply", list))
            return [];
        JsonElement[] entries = [.. list.GetProperty(member).EnumerateArray()];
        foreach (var entry in entries)
        {
            if (ContractEntry.Read(entry, key).Scope is { } scope)
                run.Learn(scope.Value);
        }

        run.Findings.Ok(method, $"{entries.Length} {(entries.Length == 1 ? "entry" : "entries")}, as the contract has it");
        return entries;
    }

    /// <summary>What an answer was, in a sentence.</summary>
    public static string Refused(ProbeReply.Answered answer) => ContractOutcomeText.ForOperators(answer.Outcome);
}
