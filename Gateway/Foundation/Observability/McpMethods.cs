using System.Collections.Frozen;

namespace Cortex.Foundation.Observability;

/// <summary>The methods that may stand in a label. A method out of a request is caller's text until it is found here.</summary>
internal static class McpMethods
{
    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        StringComparer.Ordinal,
        "completion/complete",
        "elicitation/create",
        "initialize",
        "logging/setLevel",
        "notifications/cancelled",
        "notifications/initialized",
        "notifications/message",
        "notifications/progress",
        "notifications/prompts/list_changed",
        "notifications/resources/list_changed",
        "notifications/resources/updated",
        "notifications/roots/list_changed",
        "notifications/subscriptions/acknowledged",
        "notifications/tools/list_changed",
        "ping",
        "prompts/get",
        "prompts/list",
        "resources/list",
        "resources/read",
        "resources/subscribe",
        "resources/templates/list",
        "resources/unsubscribe",
        "roots/list",
        "sampling/createMessage",
        "server/discover",
        "subscriptions/listen",
        "tools/call",
        "tools/list");

    /// <summary><paramref name="method"/> itself when MCP defines it, else <c>_OTHER</c>.</summary>
    public static string Bound(string method) => Known.TryGetValue(method, out var known) ? known : McpTelemetry.Other;
}
