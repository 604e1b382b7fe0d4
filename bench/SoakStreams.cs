namespace Cortex.Bench;

/// <summary>Opens streams of both eras.</summary>
internal sealed class SoakStreams(Uri endpoint, IReadOnlyList<string> tokens)
{
    private const string Listen = """
        {"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"soak","version":"1"}},"notifications":{"toolsListChanged":true,"promptsListChanged":true,"resourcesListChanged":true}}}
        """;

    /// <param name="hold">Gets the streams.</param>
    /// <param name="sessions">Each gets a GET stream.</param>
    /// <param name="subscriptions">So many streams of <c>subscriptions/listen</c>, spread over the persons.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task OpenAsync(StreamHold hold, IReadOnlyList<(string Token, string Session)> sessions, int subscriptions, CancellationToken cancellationToken)
    {
        foreach (var (token, session) in sessions)
        {
            var request = HttpRequestText.Get(
                endpoint, SessionFlood.Bearer(token), ("Accept", "text/event-stream"), ("Mcp-Session-Id", session), ("MCP-Protocol-Version", "2025-11-25"));
            await hold.AddAsync(endpoint, request, cancellationToken);
        }

        for (var number = 0; number < subscriptions; number++)
        {
            var request = HttpRequestText.Post(
                endpoint, Listen, SessionFlood.Bearer(tokens[number % tokens.Count]), ("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "subscriptions/listen"));
            await hold.AddAsync(endpoint, request, cancellationToken);
        }
    }
}
