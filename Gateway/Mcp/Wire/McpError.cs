using System.Text.Json;
using Cortex.Foundation.Model;

namespace Cortex.Mcp.Wire;

/// <summary>A JSON-RPC error and the HTTP status it travels with.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">JSON-RPC code of the caller's era.</param>
/// <param name="Message">What went wrong, with which thing, and what to do next.</param>
/// <param name="Data">Raw JSON for <c>data</c>; empty for none.</param>
internal sealed record McpError(int Status, int Code, string Message, ReadOnlyMemory<byte> Data = default)
{
    public const int InvalidRequest = -32600;
    public const int MethodNotFound = -32601;
    public const int InvalidParams = -32602;
    public const int InternalError = -32603;

    /// <summary>Legacy: over a limit.</summary>
    public const int ServerError = -32000;

    /// <summary>Modern: over a limit. Servers choose their own codes outside the range of JSON-RPC.</summary>
    public const int LimitExceeded = 429;

    /// <summary>Legacy: the resource does not exist.</summary>
    public const int ResourceNotFound = -32002;

    /// <summary>Of 2025-11-25 alone: the person must open an address first.</summary>
    public const int UrlElicitationRequired = -32042;
    public const int HeaderMismatch = -32020;
    public const int MissingClientCapability = -32021;
    public const int UnsupportedVersion = -32022;

    /// <summary>The version is not one of ours; the answer lists those that are.</summary>
    public static McpError VersionNotSupported(string requested)
    {
        using var data = new MemoryStream();
        using (var json = new Utf8JsonWriter(data))
        {
            json.WriteStartObject();
            json.WriteStartArray("supported");
            foreach (var version in ProtocolVersion.Supported)
                json.WriteStringValue(version.Value);
            json.WriteEndArray();
            json.WriteString("requested", requested);
            json.WriteEndObject();
        }

        var supported = string.Join(", ", ProtocolVersion.Supported.Select(version => version.Value));
        return new McpError(400, UnsupportedVersion, $"MCP version '{Shorten(requested)}' is not supported; use one of {supported}.", data.ToArray());
    }

    /// <summary>Nobody answers for the URI, in the code of the caller's era.</summary>
    public static McpError NoSuchResource(string uri, Era era) => new(
        200,
        era == Era.Modern ? InvalidParams : ResourceNotFound,
        $"Unknown resource '{Shorten(uri)}'; resources/list and resources/templates/list show what you may read.",
        (byte[])[.. "{\"uri\":"u8, .. Foundation.JsonRpc.JsonText.Quote(uri), .. "}"u8]);

    /// <summary>Over a limit, in the code of the caller's era.</summary>
    public static McpError TooManyRequests(long seconds, Era era) => new(
        StatusCodes.Status429TooManyRequests,
        era == Era.Modern ? LimitExceeded : ServerError,
        $"Too many requests; wait {seconds} s, then send this one again.",
        System.Text.Encoding.UTF8.GetBytes($"{{\"retryAfterSeconds\":{seconds}}}"));

    /// <summary>The call needs a capability that the client did not declare with it.</summary>
    /// <param name="message">What to say.</param>
    /// <param name="required">The capabilities to declare, a JSON object.</param>
    public static McpError MissingCapability(string message, string required) => new(
        StatusCodes.Status400BadRequest,
        MissingClientCapability,
        message,
        System.Text.Encoding.UTF8.GetBytes($"{{\"requiredCapabilities\":{required}}}"));

    /// <summary>A header is missing or contradicts the body.</summary>
    public static McpError Mismatch(string message) => new(400, HeaderMismatch, message);

    /// <summary>No such method in the caller's era: 404 for modern clients, 200 for legacy ones.</summary>
    public static McpError NoSuchMethod(string method, Era era) => era == Era.Modern
        ? new McpError(404, MethodNotFound, $"Method '{Shorten(method)}' does not exist in MCP {ProtocolVersion.V20260728}; supported versions are {string.Join(", ", ProtocolVersion.Supported.Select(version => version.Value))}.")
        : new McpError(200, MethodNotFound, $"Method '{Shorten(method)}' does not exist.");

    /// <summary>Text of a caller, cut to a length fit for a message.</summary>
    public static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
