using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Cortex.Cli.Stdio;

/// <summary>
/// The tools whose parameters a call repeats in headers (<c>x-mcp-header</c>), learned from the lists that pass by. A client on stdio knows nothing of headers, so the bridge
/// puts them on. Thread-safe.
/// </summary>
internal sealed class MirroredTools
{
    // Where the SDK's transport looks for the tool of a call.
    private const string ToolKey = "Mcp.Tool";

    private readonly ConcurrentDictionary<string, Tool> _tools = new(StringComparer.Ordinal);

    /// <summary>Reads an answer to <c>tools/list</c>.</summary>
    public void Learn(JsonNode? result)
    {
        if (result.Member("tools") is not JsonArray tools)
            return;
        foreach (var listed in tools.OfType<JsonObject>())
        {
            if (listed.Member("name").Text() is not { } name)
                continue;
            if (listed.ToJsonString().Contains("x-mcp-header", StringComparison.Ordinal) && Read(listed) is { } tool)
                _tools[name] = tool;
            else
                _tools.TryRemove(name, out _);
        }
    }

    /// <summary>Gives a call what its headers are made of.</summary>
    public void Prepare(JsonRpcRequest request)
    {
        if (request.Method == RequestMethods.ToolsCall && request.Params.Member("name").Text() is { } name && _tools.TryGetValue(name, out var tool))
            request.Context = new JsonRpcMessageContext { Items = new Dictionary<string, object?> { [ToolKey] = tool } };
    }

    private static Tool? Read(JsonObject listed)
    {
        try
        {
            return listed.Deserialize<Tool>(McpJsonUtilities.DefaultOptions);
        }
        catch (JsonException)
        {
            // A tool that can't be read is called without headers, and the gateway says what is missing.
            return null;
        }
    }
}
