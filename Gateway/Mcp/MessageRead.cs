using Cortex.Foundation.JsonRpc;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp;

/// <summary>What a POST brought: a closed set.</summary>
internal abstract record MessageRead
{
    private MessageRead()
    {
    }

    /// <summary>One message, so far as the first byte tells. Whoever takes it disposes the buffer.</summary>
    internal sealed record One(PooledBuffer Body) : MessageRead;

    /// <summary>A JSON array. Whoever takes it disposes the buffer.</summary>
    internal sealed record Many(PooledBuffer Body) : MessageRead;

    /// <summary>Nothing that can be read.</summary>
    internal sealed record Refused(McpError Error) : MessageRead;
}
