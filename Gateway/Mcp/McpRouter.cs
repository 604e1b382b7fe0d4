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
        if (message.Method == "tools/call")
            return RouteCall(message, caller, catalog);
        return _methods.TryGetValue((message.Method, era), out var method)
            ? new McpDecision.Answer(method)
            : new McpDecision.Reject(McpError.NoSuchMethod(message.Method, era));
    }

    private McpDecision RouteCall(McpMessage message, Caller caller, CatalogSnapshot catalog)
    {
        if (message.Text(McpMembers.Name) is not { Length: > 0 } name)
            return Reject(McpError.InvalidParams, "params.name must be the name of a tool; tools/list shows them.");
        if (message.TryGet(McpMembers.Arguments, out var arguments) && arguments.Kind != JsonValueKind.Object)
            return Reject(McpError.InvalidParams, "params.arguments must be an object.");
        if (catalog.FindTool(name) is not { } tool)
            return Reject(McpError.InvalidParams, $"Unknown tool '{McpError.Shorten(name)}'; tools/list shows the tools you may call.");
        return entitlements.Decide(caller, tool.Scope) switch
        {
            EntitlementDecision.Granted => new McpDecision.Forward(tool),
            EntitlementDecision.MissingInToken missing => new McpDecision.Challenge(tool, missing.Scope),
            EntitlementDecision.NotInPlan { Plan: { } plan } denied => new McpDecision.Explain(
                tool, denied.Scope, $"Tool '{name}' needs the scope '{denied.Scope}', which the plan '{plan}' does not hold. Signing in again will not help; ask an operator for another plan."),
            EntitlementDecision.NotInPlan denied => new McpDecision.Explain(
                tool, denied.Scope, $"Tool '{name}' needs the scope '{denied.Scope}', which no agent can be granted."),
            var other => throw new InvalidOperationException($"Unknown entitlement decision {other}."),
        };
    }

    private static McpDecision.Reject Reject(int code, string message, int status = 200) => new(new McpError(status, code, message));
}
