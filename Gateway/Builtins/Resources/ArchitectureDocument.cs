using System.Text;
using Cortex.Catalog;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Identity.Entitlements;
using Microsoft.Extensions.Options;

namespace Cortex.Builtins.Resources;

/// <summary><c>cortex://architecture</c>: what is federated, what the caller may use, and how to ask for more.</summary>
internal sealed class ArchitectureDocument(BackendStates states, EntitlementPolicy entitlements, KnownScopes known, IOptionsMonitor<GatewayOptions> options) : IOwnResource
{
    public CatalogKind Kind => CatalogKind.Resource;

    public string Address => "cortex://architecture";

    public string Name => "architecture";

    public string Title => "How this endpoint works";

    public string Description => "What stands behind this endpoint, what you may use of it, and how to ask for more.";

    public bool AnswersFor(string uri) => uri == Address;

    public ValueTask<string?> ReadAsync(string uri, BuiltinCall call, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(Write(call));

    private string Write(BuiltinCall call)
    {
        var text = new StringBuilder();
        text.AppendLine($"# {options.CurrentValue.Name}");
        text.AppendLine();
        text.AppendLine("One MCP endpoint in front of several apps. Every call reaches its app as the signed-in person, and the app's own permissions decide what that person may do there.");
        text.AppendLine("A tool's name starts with its app's; the scopes of your token decide which tools you see.");
        text.AppendLine();
        text.AppendLine("## Apps");
        foreach (var backend in states.For(call))
            text.AppendLine(LineOf(backend));
        text.AppendLine();
        WriteScopes(text, call.Caller);
        text.AppendLine("## When something is missing");
        text.AppendLine("- Unsure how an app works: call `<app>_get_help` where it has one, or read `cortex://backends/<app>`.");
        text.AppendLine("- A scope is missing: the person connects again and grants it; one that the plan does not hold is for an operator to give.");
        text.AppendLine("- The app refuses: that person's permissions in the app decide, and no scope changes that.");
        return text.ToString();
    }

    private static string LineOf(BackendState backend) => backend.State switch
    {
        BackendHealth.NotLinked => $"- `{backend.Definition.Id}`: {backend.Problem}",
        BackendHealth.NeverReached when backend.Problem is { } problem => $"- `{backend.Definition.Id}`: {problem}",
        BackendHealth.NeverReached => $"- `{backend.Definition.Id}`: can't be reached; what it offers is not known.",
        var state => $"- `{backend.Definition.Id}`: {backend.Count(CatalogKind.Tool)} tools, {backend.Count(CatalogKind.Prompt)} prompts, "
            + $"{backend.Count(CatalogKind.Resource) + backend.Count(CatalogKind.Template)} resources{(state == BackendHealth.Ready ? "" : "; does not answer at the moment")}. More: `cortex://backends/{backend.Definition.Id}`.",
    };

    private void WriteScopes(StringBuilder text, Caller caller)
    {
        text.AppendLine("## Scopes");
        text.AppendLine($"- Held: {List(caller.Scopes)}");
        var grantable = known.All.Where(scope => entitlements.Decide(caller, scope) is EntitlementDecision.MissingInToken);
        text.AppendLine($"- Can be granted by connecting again: {List(grantable)}");
        if (caller.Plan is { } plan)
            text.AppendLine(caller.PlanDisplayName is { } name ? $"- Your plan: {name} (`{plan}`)" : $"- Your plan: `{plan}`");
        text.AppendLine();
    }

    private static string List(IEnumerable<Scope> scopes) => string.Join(", ", scopes.Where(scope => scope.Value != "offline_access").Order().Select(scope => $"`{scope}`")) is { Length: > 0 } list ? list : "none";
}
