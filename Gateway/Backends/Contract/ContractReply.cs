using System.Text.Json;

namespace Cortex.Backends.Contract;

/// <summary>Reads a contract backend's reply.</summary>
internal static class ContractReply
{
    private const int MaxErrorLength = 2000;

    /// <summary>Tells what a reply means.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="mediaType">Media type of the body, or null.</param>
    /// <param name="body">The whole body.</param>
    public static ContractOutcome Read(int status, string? mediaType, ReadOnlyMemory<byte> body)
    {
        if (status is >= 200 and < 300)
            return IsJson(body.Span) ? new ContractOutcome.Returned(body) : new ContractOutcome.NotJson(mediaType);
        var (error, required) = ReadError(body);
        return status switch
        {
            401 => new ContractOutcome.NotAuthenticated(error),
            403 when required is not null => new ContractOutcome.ScopeMissing(required),
            403 => new ContractOutcome.Denied(error),
            _ => new ContractOutcome.Failed(status, error),
        };
    }

    private static bool IsJson(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 128 });
        try
        {
            return System.Text.Unicode.Utf8.IsValid(body) && reader.Read() && reader.TrySkip() && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static (string? Error, string? Required) ReadError(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? (Text(document.RootElement, "error"), Text(document.RootElement, "required"))
                : (null, null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or a text in it is not Unicode.
            return (null, null);
        }
    }

    private static string? Text(JsonElement body, string name)
    {
        if (!body.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String || value.GetString() is not { Length: > 0 } text)
            return null;
        return text.Length <= MaxErrorLength ? text : text[..MaxErrorLength] + "…";
    }
}
