using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace Cortex.Tests.Fixtures;

/// <summary>A reply of <c>/mcp</c>: its head, and the messages in it, from JSON or from a stream of events.</summary>
internal sealed record McpReply(int Status, string? MediaType, IReadOnlyDictionary<string, string> Headers, string Body, IReadOnlyList<JsonObject> Messages)
{
    /// <summary>The answer: the last message.</summary>
    public JsonObject Answer => Messages.Count > 0 ? Messages[^1] : throw new InvalidOperationException($"No message in HTTP {Status}: {Body}");

    public JsonObject Result => Answer["result"]?.AsObject() ?? throw new InvalidOperationException($"No result in HTTP {Status}: {Body}");

    public JsonObject Error => Answer["error"]?.AsObject() ?? throw new InvalidOperationException($"No error in HTTP {Status}: {Body}");

    public int ErrorCode => (int)Error["code"]!;

    public bool IsToolError => (bool?)Result["isError"] == true;

    /// <summary>Text of the first content block.</summary>
    public string Text => (string)Result["content"]![0]!["text"]!;

    public IReadOnlyList<string> ToolNames => [.. Result["tools"]!.AsArray().Select(tool => (string)tool!["name"]!)];

    public static async Task<McpReply> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var body = await response.Content.ReadAsStringAsync();
            var mediaType = response.Content.Headers.ContentType?.MediaType;
            var headers = response.Headers.Concat(response.Content.Headers)
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
            return new McpReply((int)response.StatusCode, mediaType, headers, body, ReadMessages(mediaType, body));
        }
    }

    private static JsonObject[] ReadMessages(string? mediaType, string body) => mediaType switch
    {
        "application/json" => JsonNode.Parse(body) is JsonArray batch ? [.. batch.Select(message => message!.AsObject())] : [JsonNode.Parse(body)!.AsObject()],
        "text/event-stream" =>
        [
            .. SseParser.Create(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(body))).Enumerate()
                .Where(item => item.Data.Length > 0)
                .Select(item => JsonNode.Parse(item.Data)!.AsObject()),
        ],
        _ => [],
    };
}
