using System.Text.Json;

namespace Cortex.Backends.Contract;

/// <summary>
/// Tells a backend that does not know an optional method from one that fails at it. Not knowing has many forms: 404, 405, 501 or any other 4xx that is not about
/// the moment; 500 or 200 with an error that says so, as frameworks write it.
/// </summary>
internal static class UnknownMethod
{
    /// <summary>JSON-RPC's code for an unknown method.</summary>
    private const int JsonRpcCode = -32601;

    private static readonly string[] Phrases =
    [
        "unknown method", "method not found", "no such method", "unsupported method", "method not supported", "method not implemented", "not implemented", "unknown tool",
    ];

    /// <summary>True when the backend lacks the method.</summary>
    public static bool Means(ContractOutcome outcome) => outcome switch
    {
        ContractOutcome.Failed { Status: 408 or 425 or 429 } => false,
        ContractOutcome.Failed { Status: (>= 400 and < 500) or 501 } => true,
        ContractOutcome.Failed failed => Says(failed.Error),
        ContractOutcome.Returned returned => Means(returned.Json),
        _ => false,
    };

    private static bool Means(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("error", out var error))
            return false;
        return error.ValueKind switch
        {
            JsonValueKind.String => Says(error),
            JsonValueKind.Object => (error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number) && number == JsonRpcCode)
                || (error.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String && Says(message)),
            _ => false,
        };
    }

    private static bool Says(JsonElement text)
    {
        try
        {
            return Says(text.GetString());
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, escaped.
            return false;
        }
    }

    private static bool Says(string? error) =>
        error?.Replace('_', ' ').Replace('-', ' ') is { } text && Phrases.Any(phrase => text.Contains(phrase, StringComparison.OrdinalIgnoreCase));
}
