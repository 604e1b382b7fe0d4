using Cortex.Tests.Fixtures;

namespace Cortex.Tests.Clients;

/// <summary>The example server of the TypeScript SDK with its own authorization server, both on free loopback ports. It takes tokens for itself alone, and refreshes none.</summary>
internal sealed class SimpleStreamableHttpServer : IAsyncDisposable
{
    private const string Script = "node_modules/@modelcontextprotocol/sdk/dist/esm/examples/server/simpleStreamableHttp.js";

    private readonly ChildProcess _process;

    private SimpleStreamableHttpServer(ChildProcess process, string url)
    {
        _process = process;
        Url = url;
    }

    /// <summary>The MCP endpoint.</summary>
    public string Url { get; }

    public static async Task<SimpleStreamableHttpServer> StartAsync()
    {
        var (port, issuerPort) = (ServerProcess.FreePort(), ServerProcess.FreePort());
        var process = ChildProcess.Start("node", [Script, "--oauth", "--oauth-strict"], NodeClient.Folder, ("MCP_PORT", $"{port}"), ("MCP_AUTH_PORT", $"{issuerPort}"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            for (var servers = 0; servers < 2;)
            {
                var line = await process.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException($"simpleStreamableHttp did not start: {process.Error}");
                servers += line.Contains("listening on port", StringComparison.Ordinal) ? 1 : 0;
            }

            return new SimpleStreamableHttpServer(process, $"http://localhost:{port}/mcp");
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
