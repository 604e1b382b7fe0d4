using Cortex.Catalog;
using Cortex.Foundation.Model;
using Cortex.Mcp.Answers;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp;

/// <summary>What the router makes of a message: a closed set.</summary>
internal abstract record McpDecision
{
    private McpDecision()
    {
    }

    /// <summary>The call belongs to one backend; YARP moves the bytes.</summary>
    internal sealed record Forward(CatalogItem Item) : McpDecision;

    /// <summary>The gateway answers itself; the item is what the answer is about, where it is about one.</summary>
    internal sealed record Answer(IAnsweredMethod Method, CatalogItem? Item = null) : McpDecision;

    /// <summary>A builtin tool or resource: the gateway answers itself.</summary>
    internal sealed record Builtin(CatalogItem Item) : McpDecision;

    /// <summary>A <c>call_tool</c>: what is decided on the call that it holds holds for it.</summary>
    internal sealed record Unwrap(McpMessage Inner, McpDecision Decision) : McpDecision;

    /// <summary>A notification or response that wants no answer.</summary>
    internal sealed record Accept : McpDecision
    {
        public static Accept Instance { get; } = new();
    }

    /// <summary>A protocol error.</summary>
    internal sealed record Reject(McpError Error) : McpDecision;

    /// <summary>A new consent could grant what is missing: 403 with a challenge.</summary>
    internal sealed record Challenge(CatalogItem Item, Scope Missing) : McpDecision;

    /// <summary>The item is not approved; the answer says so.</summary>
    internal sealed record Withhold(CatalogItem Item, string Text) : McpDecision;

    /// <summary>No consent can help: the answer says why, and is no challenge.</summary>
    internal sealed record Explain(CatalogItem Item, Scope Missing, string Text) : McpDecision;
}
