namespace Cortex.Foundation.Observability;

/// <summary>Which end of an MCP operation the gateway is.</summary>
internal enum McpSide
{
    /// <summary>It received the message from a client.</summary>
    Server,

    /// <summary>It sent the message to a backend.</summary>
    Client,
}
