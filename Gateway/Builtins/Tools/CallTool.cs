using System.Text.Json;
using System.Text.Json.Nodes;
using Cortex.Foundation.Model;

namespace Cortex.Builtins.Tools;

/// <summary>
/// <c>call_tool</c>: runs a tool that <c>find_tools</c> found, for clients that call only what was listed. A call that holds another one is taken apart
/// ahead of this, and is then that other call; what gets here holds none.
/// </summary>
internal sealed class CallTool : IBuiltin
{
    public string Name => BuiltinNames.CallTool;

    /// <summary>Without an output schema, and with the hints of the worst, since the answer is that of any tool.</summary>
    public byte[] Definition { get; } = JsonSerializer.SerializeToUtf8Bytes(new JsonObject
    {
        ["name"] = BuiltinNames.CallTool,
        ["title"] = "Call a tool",
        ["description"] = "Calls one of your tools by name, also one that is not in your list or only by its name: get its inputSchema from find_tools first. The answer is that tool's own.",
        ["inputSchema"] = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["name"] = new JsonObject { ["type"] = "string", ["description"] = "The tool's name, as find_tools gave it." },
                ["arguments"] = new JsonObject { ["type"] = "object", ["description"] = "What the tool takes, as its inputSchema says; left out: nothing." },
            },
            ["required"] = new JsonArray("name"),
            ["additionalProperties"] = false,
        },
        ["annotations"] = new JsonObject { ["destructiveHint"] = true, ["openWorldHint"] = true, ["readOnlyHint"] = false },
    });

    public ValueTask<BuiltinResult> CallAsync(BuiltinCall call, CancellationToken cancellationToken)
    {
        var problem = CallToolArguments.TryRead(call.Arguments.IsEmpty ? "{}"u8 : call.Arguments.Span, out _) ?? "the call within can't be read.";
        return ValueTask.FromResult<BuiltinResult>(new BuiltinResult.Failed(
            $"Nothing was called: {problem} Example: {{\"name\":\"notes_read\",\"arguments\":{{\"id\":\"7\"}}}}."));
    }
}
