using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Cortex.Cli.Stdio;

/// <summary>Writes messages to the client, each as one line and at once. Thread-safe.</summary>
internal sealed class OutputLines(Stream output) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <exception cref="IOException">The client does not read any more.</exception>
    public Task WriteAsync(JsonRpcMessage message) => WriteAsync(JsonSerializer.SerializeToUtf8Bytes(message, McpJsonUtilities.DefaultOptions));

    /// <summary>Writes an error; without an id when it answers no request that can be told.</summary>
    public Task WriteErrorAsync(RequestId id, McpErrorCode code, string message)
    {
        if (id.Id is not null)
            return WriteAsync(new JsonRpcError { Id = id, Error = new JsonRpcErrorDetail { Code = (int)code, Message = message } });
        return WriteAsync(JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, object?> { ["jsonrpc"] = "2.0", ["id"] = null, ["error"] = new Dictionary<string, object> { ["code"] = (int)code, ["message"] = message } }));
    }

    public void Dispose() => _turn.Dispose();

    private async Task WriteAsync(byte[] json)
    {
        await _turn.WaitAsync();
        try
        {
            await output.WriteAsync(json);
            await output.WriteAsync("\n"u8.ToArray());
            await output.FlushAsync();
        }
        finally
        {
            _turn.Release();
        }
    }
}
