using System.Text.Json;
using Cortex.Backends.Contract;

namespace Cortex.Cli.BackendTest.Checks;

/// <summary>Prompts, where there are some: their list, those that need no arguments, and what is said to a wrong name.</summary>
internal sealed class PromptCheck : IBackendCheck
{
    private const string Check = "get_prompt";
    private const int Most = 5;

    public async Task RunAsync(BackendTestRun run, CancellationToken cancellationToken)
    {
        var prompts = await ListedThings.AskAsync(run, ContractMethods.ListPrompts, "prompts", "name", cancellationToken);
        if (prompts.Count == 0)
            return;
        Names.Check(run, "list_prompts.names", prompts.Select(NameOf));
        var open = prompts.Where(prompt => !NeedsArguments(prompt)).Select(NameOf).Take(Most).ToList();
        foreach (var name in open)
            await GetAsync(run, name, cancellationToken);
        if (open.Count == 0)
            run.Findings.Skip(Check, "each prompt needs arguments, so that none was asked for");
        await RefusedCalls.ExpectAsync(run, "get_prompt.unknown", ContractMethods.GetPrompt, """{"name": "no-such-prompt"}""", "a prompt that does not exist", cancellationToken);
        await RefusedCalls.ExpectAsync(run, "get_prompt.params", ContractMethods.GetPrompt, "{}", "get_prompt without a name", cancellationToken);
    }

    private static async Task GetAsync(BackendTestRun run, string name, CancellationToken cancellationToken)
    {
        var parameters = JsonSerializer.Serialize(new Dictionary<string, string> { ["name"] = name });
        if (await run.AskAsync(Check, run.Person, ContractMethods.GetPrompt, parameters, cancellationToken) is not { } answer)
            return;
        if (answer.Value is not { } value)
            run.Findings.Fail(Check, $"'{name}': {ListedThings.Refused(answer)}", "Answer 200 and {\"messages\": [ … ]} for each prompt that is listed");
        else if (run.Fits(Check, "get_prompt.reply", value))
            run.Findings.Ok(Check, $"'{name}' is given as the contract has it");
    }

    private static string NameOf(JsonElement prompt) => prompt.GetProperty("name").GetString()!;

    private static bool NeedsArguments(JsonElement prompt) =>
        prompt.TryGetProperty("arguments", out var arguments) && arguments.ValueKind == JsonValueKind.Array
        && arguments.EnumerateArray().Any(argument => argument.TryGetProperty("required", out var required) && required.ValueKind == JsonValueKind.True);
}
