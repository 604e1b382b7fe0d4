using Cortex.Foundation.Model;

namespace Cortex.Mcp.Wire;

/// <summary>Which era's rules a request is served under.</summary>
internal abstract record EraDecision
{
    private EraDecision()
    {
    }

    /// <summary>With sessions; the version is what the header names, or 2025-03-26 without one.</summary>
    internal sealed record Legacy(ProtocolVersion Version) : EraDecision;

    /// <summary>Stateless.</summary>
    internal sealed record Modern(ProtocolVersion Version) : EraDecision;

    /// <summary>Neither: answer with the error.</summary>
    internal sealed record Refused(McpError Error, Era Era) : EraDecision;
}
