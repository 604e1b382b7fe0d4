using System.Collections.Frozen;
using System.Text.Json;
using Cortex.Catalog;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;
using Cortex.Identity.Entitlements;
using Cortex.Mcp.Answers;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp;

/// <summary>
/// Message + caller + catalog → decision. Pure: no I/O, no clock, no state of its own. Names that do not exist and names that do but lie
/// outside every scope the caller could get are told apart by <see cref="EntitlementPolicy"/> alone.
/// </summary>
internal sealed class McpRouter(IEnumerable<IAnsweredMethod> methods, EntitlementPolicy entitlements)
{
    private readonly FrozenDictionary<(string Name, Era Era), IAnsweredMethod> _methods = methods
        .SelectMany(method => method.Eras.Select(era => ((method.Name, era), method)))
        .ToFrozenDictionary(entry => entry.Item1, entry => entry.method);

    public McpDecision Route(McpMessage message, Era era, Caller caller, CatalogSnapshot catalog)
    {
        if (message.Kind == JsonRpcKind.Response)
            return era == Era.Legacy ? McpDecision.Accept.Instance : Reject(McpError.InvalidRequest, "Responses are not accepted in this version.", 400);
        if (message.Kind == JsonRpcKind.Notification)
            return McpDecision.Accept.Instance;
        switch (message.Method)
        {
            case "tools/call":
                return RouteNamed(message, CatalogKind.Tool, caller, catalog);
            case "prompts/get":
                return RouteNamed(message, CatalogKind.Prompt, caller, catalog);
            case "resources/read":
                return RouteResource(message, era, caller, catalog);
            case "resources/subscribe" when era == Era.Legacy:
                return RouteSubscription(message, era, caller, catalog);
            case "completion/complete":
                return RouteCompletion(message, era, caller, catalog);
        }

        return _methods.TryGetValue((message.Method, era), out var method)
            ? new McpDecision.Answer(method)
            : new McpDecision.Reject(McpError.NoSuchMethod(message.Method, era));
    }

    /// <summary>A tool or a prompt, by its public name.</summary>
    private McpDecision RouteNamed(McpMessage message, CatalogKind kind, Caller caller, CatalogSnapshot catalog)
    {
        var what = kind == CatalogKind.Tool ? "tool" : "prompt";
        if (message.Text(McpMembers.Name) is not { Length: > 0 } name)
            return Reject(McpError.InvalidParams, $"params.name must be the name of a {what}; {what}s/list shows them.");
        if (message.TryGet(McpMembers.Arguments, out var arguments) && arguments.Kind != JsonValueKind.Object)
            return Reject(McpError.InvalidParams, "params.arguments must be an object.");
        if (catalog.Find(kind, name) is not { } item)
            return Reject(McpError.InvalidParams, $"Unknown {what} '{McpError.Shorten(name)}'; {what}s/list shows those you may use.");
        return item.IsOfSearch && item.OriginalName == BuiltinNames.CallTool && CallToolMessage.TryUnwrap(message) is { } inner
            ? new McpDecision.Unwrap(inner, RouteNamed(inner, kind, caller, catalog))
            : Judge(item, caller);
    }

    private McpDecision RouteResource(McpMessage message, Era era, Caller caller, CatalogSnapshot catalog)
    {
        if (message.Text(McpMembers.Uri) is not { Length: > 0 } uri)
            return Reject(McpError.InvalidParams, "params.uri must be the URI of a resource; resources/list shows them.");
        return catalog.FindResource(uri) is { } item ? Judge(item, caller) : new McpDecision.Reject(McpError.NoSuchResource(uri, era));
    }

    /// <summary>As for reading; then the backend must tell of updates. Taking a subscription back needs none of this.</summary>
    private McpDecision RouteSubscription(McpMessage message, Era era, Caller caller, CatalogSnapshot catalog)
    {
        var decision = RouteResource(message, era, caller, catalog);
        var item = (decision as McpDecision.Forward)?.Item ?? (decision as McpDecision.Builtin)?.Item;
        if (item is null)
            return decision;
        var backend = item.Backend.Id;
        return catalog.SpeechOf(backend)?.Subscribes == true
            ? new McpDecision.Answer(_methods[(message.Method, era)], item)
            : Reject(McpError.MethodNotFound, $"Backend '{backend}' does not tell of updates of its resources; read the resource again when you need it.");
    }

    /// <summary>By what the reference names: a prompt, or a resource template.</summary>
    private McpDecision RouteCompletion(McpMessage message, Era era, Caller caller, CatalogSnapshot catalog)
    {
        var item = message.Text(McpMembers.RefType) switch
        {
            "ref/prompt" when message.Text(McpMembers.RefName) is { } name => catalog.Find(CatalogKind.Prompt, name),
            "ref/resource" when message.Text(McpMembers.RefUri) is { } uri => catalog.Find(CatalogKind.Template, uri) ?? catalog.FindResource(uri),
            _ => null,
        };
        if (item is null)
            return Reject(McpError.InvalidParams, "params.ref must name a prompt or a resource template that you may use.");
        var decision = Judge(item, caller);
        return decision is McpDecision.Forward or McpDecision.Builtin && catalog.SpeechOf(item.Backend.Id)?.Completes != true
            ? new McpDecision.Answer(_methods[("completion/complete", era)])
            : decision;
    }

    private McpDecision Judge(CatalogItem item, Caller caller) => item.Scope is { } scope ? Judge(item, scope, caller) : Found(item);

    private static McpDecision Found(CatalogItem item) => item.Withheld is { } withheld
        ? new McpDecision.Withhold(item, withheld.Explain($"{item.Kind} '{item.PublicName}'"))
        : item.Backend.IsGateway ? new McpDecision.Builtin(item) : new McpDecision.Forward(item);

    private McpDecision Judge(CatalogItem item, Scope scope, Caller caller) => entitlements.Decide(caller, scope) switch
    {
        EntitlementDecision.Granted => Found(item),
        EntitlementDecision.MissingInToken missing => new McpDecision.Challenge(item, missing.Scope),
        EntitlementDecision.NotInPlan { Plan: { } plan } denied => new McpDecision.Explain(
            item, denied.Scope, $"'{item.PublicName}' needs the scope '{denied.Scope}', which the plan '{plan}' does not hold. Signing in again will not help; ask an operator for another plan."),
        EntitlementDecision.NotInPlan denied => new McpDecision.Explain(
            item, denied.Scope, $"'{item.PublicName}' needs the scope '{denied.Scope}', which no agent can be granted."),
        var other => throw new InvalidOperationException($"Unknown entitlement decision {other}."),
    };

    private static McpDecision.Reject Reject(int code, string message, int status = 200) => new(new McpError(status, code, message));
}
