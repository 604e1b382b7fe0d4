using System.Text.Json;

namespace Cortex.Tests.Clients;

/// <summary>npm <c>@modelcontextprotocol/server-everything</c> over Streamable HTTP on a free loopback port: legacy, with sessions.</summary>
internal sealed class EverythingServer : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private EverythingServer(ChildProcess process, string url)
    {
        _process = process;
        Url = url;
    }

    /// <summary>The MCP endpoint.</summary>
    public string Url { get; }

    public static async Task<EverythingServer> StartAsync()
    {
        var process = ChildProcess.Start("node", ["everything.mjs"], NodeClient.Folder);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            var line = await process.ReadLineAsync(limit.Token)
                ?? throw new InvalidOperationException($"server-everything did not start: {process.Error}");
            return new EverythingServer(process, JsonSerializer.Deserialize<JsonElement>(line).GetProperty("url").GetString()!);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
