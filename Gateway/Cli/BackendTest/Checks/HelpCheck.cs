using System.Text.Json;
using Cortex.Backends.Contract;
using Cortex.Cli.BackendTest.Wire;

namespace Cortex.Cli.BackendTest.Checks;

/// <summary>Whether the backend explains itself, on which topics, and where agents may ask it.</summary>
internal sealed class HelpCheck : IBackendCheck
{
    private const string Check = "get_help";

    public async Task RunAsync(BackendTestRun run, CancellationToken cancellationToken)
    {
        if (await run.AskAsync(Check, run.Person, ContractMethods.GetHelp, "", cancellationToken) is not { } answer)
            return;
        var isListed = run.Tools.Any(tool => tool.Name == ContractMethods.GetHelp);
        if (!isListed && UnknownMethod.Means(answer.Outcome))
        {
            run.Findings.Warn(Check, $"there is no get_help ({answer.Status})", "Explain the app in get_help(topic?) and list it as a tool: agents are told to ask it before they guess");
            return;
        }

        if (answer.Outcome is ContractOutcome.ScopeMissing missing)
        {
            run.Findings.Warn(Check, $"it needs the scope {missing.Required}, which no listed tool names", "List get_help as a tool under that scope, or name the scope by --scopes");
            return;
        }

        if (answer.Value is not { } help)
        {
            run.Findings.Fail(Check, $"without a topic: {ListedThings.Refused(answer)}", "Answer get_help without a topic with an overview");
            return;
        }

        if (!run.IsShort(Check, answer) || !run.Fits(Check, "get_help.reply", help))
            return;
        if (isListed)
            run.Findings.Ok(Check, "it is answered, and listed as a tool");
        else
            run.Findings.Warn(Check, "it is answered, but not listed, so that no agent can call it", "List get_help as a tool with the parameter topic");
        await CheckTopicsAsync(run, help, cancellationToken);
    }

    private static async Task CheckTopicsAsync(BackendTestRun run, JsonElement overview, CancellationToken cancellationToken)
    {
        if (await run.AskAsync("get_help.unknown", run.Person, ContractMethods.GetHelp, """{"topic": "no-such-topic"}""", cancellationToken) is not { } unknown)
            return;
        if (unknown.Status >= 500)
            run.Findings.Fail("get_help.unknown", $"an unknown topic breaks the backend ({unknown.Status})", "Answer 400 and name the topics there are");
        else if (unknown.IsRefusal)
            run.Findings.Ok("get_help.unknown", $"an unknown topic is refused with {unknown.Status}");
        else
            run.Findings.Warn("get_help.unknown", "an unknown topic is answered as if it were one", "Answer 400 and name the topics there are, so that an agent asks again");

        var missing = new List<string>();
        foreach (var topic in HelpTopics.All)
        {
            var isPart = overview.ValueKind == JsonValueKind.Object && overview.TryGetProperty(topic, out _);
            if (!isPart && !(unknown.IsRefusal && await HasAsync(run, topic, cancellationToken)))
                missing.Add(topic);
        }

        if (missing.Count == 0)
            run.Findings.Ok("get_help.topics", $"{HelpTopics.Text}");
        else
            run.Findings.Warn("get_help.topics", $"no help on {string.Join(", ", missing)}", "Write these topics: what the app is for, its words, its usual steps, its formats, its limits, two or three calls");
    }

    private static async Task<bool> HasAsync(BackendTestRun run, string topic, CancellationToken cancellationToken) =>
        await run.AskAsync("get_help.topics", run.Person, ContractMethods.GetHelp, $$"""{"topic": "{{topic}}"}""", cancellationToken) is ProbeReply.Answered { Value: not null };
}
