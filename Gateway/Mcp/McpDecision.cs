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
    internal sealed record Forward(CatalogItem Tool) : McpDecision;

    /// <summary>The gateway answers itself.</summary>
    internal sealed record Answer(IAnsweredMethod Method) : McpDecision;

    /// <summary>A notification or response that wants no answer.</summary>
    internal sealed record Accept : McpDecision
    {
        public static Accept Instance { get; } = new();
    }

    /// <summary>A protocol error.</summary>
    internal sealed record Reject(McpError Error) : McpDecision;

    /// <summary>A new consent could grant what is missing: 403 with a challenge.</summary>
    internal sealed record Challenge(CatalogItem Tool, Scope Missing) : McpDecision;

    /// <summary>No consent can help: a tool result says why.</summary>
    internal sealed record Explain(CatalogItem Tool, Scope Missing, string Text) : McpDecision;
}
