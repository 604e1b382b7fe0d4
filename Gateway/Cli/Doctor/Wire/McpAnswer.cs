using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Cortex.Cli.Doctor.Wire;

/// <summary>A JSON-RPC reply.</summary>
/// <param name="HasResult">True for a result.</param>
/// <param name="Code">Code of the error; null for none.</param>
/// <param name="Message">Its message, or what the body is when it is no reply.</param>
internal sealed record McpAnswer(bool HasResult, int? Code, string Message)
{
    private const int MaxShown = 200;

    public static McpAnswer Read(ProbeReply.Answered answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer.MediaType == "text/event-stream" ? LastEvent(answer.Body) : answer.Text);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.Object)
                return new McpAnswer(true, null, "");
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
            {
                return new McpAnswer(
                    false,
                    error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number) ? number : null,
                    error.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String ? message.GetString()! : "an error without a message");
            }
        }
        catch (JsonException)
        {
            // Told below, together with JSON that is no reply.
        }

        return new McpAnswer(false, null, answer.Text is { Length: > 0 } text ? text[..Math.Min(text.Length, MaxShown)] : "nothing");
    }

    private static string LastEvent(byte[] body)
    {
        using var stream = new MemoryStream(body);
        return SseParser.Create(stream).Enumerate().Select(item => item.Data).LastOrDefault(data => data.Length > 0) ?? "";
    }
}
