using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cortex.Foundation.Model;

namespace Cortex.Builtins.Tools;

/// <summary><c>read_cortex_resource</c>: reads a resource for clients that know tools alone. It is a <c>resources/read</c> of the caller's, with all its checks.</summary>
internal sealed class ReadResource() : Builtin<ReadResource.Arguments, ReadResource.Answered>(
    BuiltinNames.ReadResource,
    "Read a resource",
    "Reads one resource by its URI: one that list_cortex_resources shows, or a filled-in URI template.",
    isReadOnly: true)
{
    protected override async ValueTask<BuiltinResult> CallAsync(BuiltinCall call, Arguments arguments, CancellationToken cancellationToken)
    {
        var parameters = JsonSerializer.SerializeToUtf8Bytes(arguments, BuiltinJson.Options);
        switch (await call.Request("resources/read", parameters, cancellationToken))
        {
            case InnerReply.Result(var result) when result.TryGetProperty("contents", out var contents) && contents.ValueKind == JsonValueKind.Array:
                return Answer(new Answered([.. contents.EnumerateArray()])) with { Content = Embed(contents) };
            case InnerReply.Error(var message):
                return new BuiltinResult.Failed(message);
            default:
                return new BuiltinResult.Failed($"'{arguments.Uri}' can't be read by a tool: its app asks something back first. Read it with resources/read.");
        }
    }

    /// <summary>The contents as content blocks, for agents that look at nothing else.</summary>
    private static byte[] Embed(JsonElement contents) => JsonSerializer.SerializeToUtf8Bytes(new JsonArray(
        [.. contents.EnumerateArray().Select(content => new JsonObject { ["type"] = "resource", ["resource"] = JsonNode.Parse(content.GetRawText()) })]));

    /// <summary>The arguments.</summary>
    internal sealed record Arguments([property: Description("The resource's URI.")] string Uri);

    /// <summary>The answer.</summary>
    internal sealed record Answered([property: Description("The contents as resources/read gives them: uri, mimeType, and text or blob.")] IReadOnlyList<JsonElement> Contents);
}
