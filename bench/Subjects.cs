namespace Cortex.Bench;

/// <summary>What is measured, in the order of the table.</summary>
internal static class Subjects
{
    private const string Arguments = """{"text":"We agreed to measure before we change, and to keep what pays.","tags":["work","minutes"],"pinned":false}""";

    private const string Meta = """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1"}}""";

    public static IReadOnlyList<Subject> All(string backend, string yarp, string gateway, string token)
    {
        var contract = $$"""{"method":"tool_42","params":{{Arguments}}}""";
        return
        [
            Subject.Post("direct", backend + BackendServer.ContractPath, contract, "note-1"),
            Subject.Post("bare YARP", yarp + BackendServer.ContractPath, contract, "note-1"),
            Modern("tools/call, contract", "tools/call", $$""","name":"bench_tool_42","arguments":{{Arguments}}""", "structuredContent", ("Mcp-Name", "bench_tool_42")),
            Modern("tools/call, native by JSON", "tools/call", $$""","name":"native_save_note","arguments":{{Arguments}}""", "structuredContent", ("Mcp-Name", "native_save_note")),
            Modern("tools/call, native by SSE", "tools/call", $$""","name":"events_save_note","arguments":{{Arguments}}""", "structuredContent", ("Mcp-Name", "events_save_note")),
            Modern("tools/list, 100 tools", "tools/list", "", "native_save_note"),
        ];

        Subject Modern(string name, string method, string members, string expected, params IEnumerable<(string, string)> headers) =>
            Subjects.Modern(gateway, token, name, method, members, expected, headers);
    }

    /// <summary>A request of a modern client.</summary>
    /// <param name="members">Members of <c>params</c> beside <c>_meta</c>, with a comma before each.</param>
    public static Subject Modern(
        string gateway, string token, string name, string method, string members, string expected, params IEnumerable<(string, string)> headers) => Subject.Post(
            name,
            gateway + "/mcp",
            $$$"""{"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{"_meta":{{{Meta}}}{{{members}}}}}""",
            expected,
            [("Authorization", "Bearer " + token), ("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", method), .. headers]);
}
