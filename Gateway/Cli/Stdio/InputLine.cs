using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Cortex.Cli.Stdio;

/// <summary>A line that came from the client: a message, or what to answer to what is none.</summary>
internal abstract record InputLine
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 10_000 };

    private InputLine()
    {
    }

    public static InputLine Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonRpcMessage>(line, McpJsonUtilities.DefaultOptions) is { } message
                ? new Message(message)
                : new Refused(default, McpErrorCode.InvalidRequest, "The line is null, not a message of JSON-RPC.");
        }
        catch (JsonException exception)
        {
            return Explain(line, exception.Message);
        }
    }

    private static Refused Explain(string line, string problem)
    {
        try
        {
            using var document = JsonDocument.Parse(line, Deep);
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? new Refused(default, McpErrorCode.InvalidRequest, "Batches are not taken: write one message a line.")
                : new Refused(IdOf(document.RootElement), McpErrorCode.InvalidRequest, $"The line is not a message of JSON-RPC 2.0: {problem}");
        }
        catch (JsonException)
        {
            return new Refused(default, McpErrorCode.ParseError, $"The line is not JSON: {problem} Write one message a line, in UTF-8.");
        }
    }

    /// <summary>The id of what was meant to be a request; an answer's id is nobody's to answer.</summary>
    private static RequestId IdOf(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("method", out _) || !element.TryGetProperty("id", out var id))
            return default;
        return id.ValueKind switch
        {
            JsonValueKind.String => new RequestId(id.GetString()!),
            JsonValueKind.Number when id.TryGetInt64(out var number) => new RequestId(number),
            _ => default,
        };
    }

    /// <summary>A message to pass on.</summary>
    internal sealed record Message(JsonRpcMessage Content) : InputLine;

    /// <summary>No message.</summary>
    /// <param name="Id">The id to answer; the default for null.</param>
    internal sealed record Refused(RequestId Id, McpErrorCode Code, string Problem) : InputLine;
}
