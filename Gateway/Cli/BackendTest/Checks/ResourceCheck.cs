using System.Text.Json;
using System.Text.RegularExpressions;
using Cortex.Backends.Contract;

namespace Cortex.Cli.BackendTest.Checks;

/// <summary>Resource templates, where there are some: their list, and a read of each one's scheme.</summary>
internal sealed partial class ResourceCheck : IBackendCheck
{
    private const string Check = "read_resource";
    private const int Most = 5;

    public async Task RunAsync(BackendTestRun run, CancellationToken cancellationToken)
    {
        var templates = await ListedThings.AskAsync(run, ContractMethods.ListResourceTemplates, "resourceTemplates", "uriTemplate", cancellationToken);
        if (templates.Count == 0)
            return;
        foreach (var template in templates.Select(template => template.GetProperty("uriTemplate").GetString()!).DistinctBy(uri => uri.Split(':')[0]).Take(Most))
            await ReadAsync(run, template, cancellationToken);
        await RefusedCalls.ExpectAsync(run, "read_resource.params", ContractMethods.ReadResource, "{}", "read_resource without a uri", cancellationToken);
    }

    private static async Task ReadAsync(BackendTestRun run, string template, CancellationToken cancellationToken)
    {
        var uri = Variable().Replace(Optional().Replace(template, ""), "cortex-backend-test");
        var parameters = JsonSerializer.Serialize(new Dictionary<string, string> { ["uri"] = uri });
        if (await run.AskAsync(Check, run.Person, ContractMethods.ReadResource, parameters, cancellationToken) is not { } answer)
            return;
        switch (answer)
        {
            case { Value: { } value }:
                if (run.Fits(Check, "read_resource.reply", value))
                    run.Findings.Ok(Check, $"{uri} is read");
                break;
            case { Status: 404 } when uri != template:
                run.Findings.Ok(Check, $"{uri}, which need not exist, is answered with 404");
                break;
            case { IsRefusal: true } when uri != template && answer.Status is not 401:
                run.Findings.Warn(Check, $"{uri}, which need not exist, is answered with {answer.Status}", "Answer 404 to a URI without a resource: clients tell that from a wrong call");
                break;
            default:
                run.Findings.Fail(Check, $"{uri}: {ListedThings.Refused(answer)}", "Answer 200 and {\"contents\": [ … ]}, or 404 if there is no such resource");
                break;
        }
    }

    [GeneratedRegex(@"\{[?&#;][^}]*\}")]
    private static partial Regex Optional();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Variable();
}
