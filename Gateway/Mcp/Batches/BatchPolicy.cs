using Cortex.Foundation.Model;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Batches;

/// <summary>
/// Who may send a batch: a client whose session agreed on 2025-03-26, or one without a session that names this revision or none. Pure.
/// </summary>
internal static class BatchPolicy
{
    /// <summary>Why not; null when it may.</summary>
    public static McpError? Check(IHeaderDictionary headers, NamedSession session)
    {
        var header = headers[McpHeaders.ProtocolVersion].ToString();
        var named = ProtocolVersion.Find(header);
        if (header.Length > 0 && named is null)
            return McpError.VersionNotSupported(header);
        if (named?.Era == Era.Modern)
            return Refuse(named);
        if (session is NamedSession.Unknown)
            return NamedSession.Unknown.Error;
        var spoken = (session as NamedSession.Found)?.Session.Version ?? named ?? ProtocolVersion.V20250326;
        return spoken == ProtocolVersion.V20250326 ? null : Refuse(spoken);
    }

    private static McpError Refuse(ProtocolVersion version) =>
        new(400, McpError.InvalidRequest, $"Batches are not part of MCP {version}; send one JSON-RPC object per request.");
}
