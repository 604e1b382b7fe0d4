using System.Text.Json;
using Cortex.Backends.Contract;

namespace Cortex.Cli.BackendTest.Checks;

/// <summary>The list of tools: its shape, each tool as the gateway reads it, names that every client takes, and the same order each time.</summary>
internal sealed class ToolListCheck : IBackendCheck
{
    private const string Check = "list_tools";

    public async Task RunAsync(BackendTestRun run, CancellationToken cancellationToken)
    {
        var list = run.FirstList!.Value!.Value;
        var fits = run.Fits(Check, "list_tools.reply", list);
        if (list.ValueKind != JsonValueKind.Object || !list.TryGetProperty("tools", out var tools) || tools.ValueKind != JsonValueKind.Array)
        {
            run.Stop();
            return;
        }

        run.Tools = Read(run, tools, fits);
        foreach (var tool in run.Tools)
            run.Learn(tool.Scope);
        if (tools.GetArrayLength() == 0)
            run.Findings.Warn(Check, "there are no tools", "List at least one: agents see nothing else of the backend");
        else if (fits)
            run.Findings.Ok(Check, $"{run.Tools.Count} tools, each as the contract has it");
        Names.Check(run, "list_tools.names", run.Tools.Select(tool => tool.Name));
        CheckScopes(run);
        await CheckOrderAsync(run, tools, cancellationToken);
    }

    /// <summary>Reads the tools as the gateway does; what it would leave out is told, unless the schema told it already.</summary>
    private static List<ListedTool> Read(BackendTestRun run, JsonElement tools, bool fits)
    {
        var read = new List<ListedTool>();
        foreach (var entry in tools.EnumerateArray())
        {
            try
            {
                var tool = ContractTool.Read(entry);
                read.Add(ListedTool.Of(tool.Name, tool.Scope.Value, tool.McpJson));
            }
            catch (Exception exception) when (exception is FormatException or InvalidOperationException)
            {
                if (fits)
                    run.Findings.Fail(Check, exception.Message, "The gateway leaves the tool out until this is mended");
            }
        }

        return read;
    }

    private static void CheckScopes(BackendTestRun run)
    {
        var odd = run.Tools.Select(tool => tool.Scope).Distinct().Where(scope => !scope.StartsWith("mcp:", StringComparison.Ordinal) || scope.Split(':').Length != 3).ToList();
        if (odd.Count > 0)
            run.Findings.Warn("list_tools.scopes", $"{string.Join(", ", odd)}: not of the form mcp:<domain>:<action>", "Name scopes so that people understand what they grant: mcp:notes:write");
        else if (run.Tools.Count > 0)
            run.Findings.Ok("list_tools.scopes", string.Join(", ", run.Tools.Select(tool => tool.Scope).Distinct()));
    }

    private static async Task CheckOrderAsync(BackendTestRun run, JsonElement first, CancellationToken cancellationToken)
    {
        if (await run.AskAsync("list_tools.order", run.Callers.Gateway, ContractMethods.ListTools, "", cancellationToken) is not { } answer)
            return;
        if (answer.Value is { ValueKind: JsonValueKind.Object } again && again.TryGetProperty("tools", out var second) && JsonElement.DeepEquals(first, second))
            run.Findings.Ok("list_tools.order", "asked twice, the list is the same");
        else
            run.Findings.Warn("list_tools.order", "asked twice, the list is another or in another order", "List the same tools in the same order, so that clients can keep what they have");
    }
}
