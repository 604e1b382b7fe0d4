namespace Cortex.Backends;

/// <summary>What a backend speaks.</summary>
internal enum BackendKind
{
    /// <summary>The plain HTTP contract: one POST endpoint, <c>{method, params}</c>.</summary>
    Contract,

    /// <summary>A native MCP server over Streamable HTTP, of either era.</summary>
    Mcp,
}
