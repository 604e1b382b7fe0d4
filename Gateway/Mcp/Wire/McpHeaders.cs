using System.Buffers.Text;
using System.Text;

namespace Cortex.Mcp.Wire;

/// <summary>MCP's HTTP headers.</summary>
internal static class McpHeaders
{
    public const string ProtocolVersion = "MCP-Protocol-Version";
    public const string SessionId = "Mcp-Session-Id";
    public const string Method = "Mcp-Method";
    public const string Name = "Mcp-Name";

    /// <summary>Prefix of headers that mirror tool parameters.</summary>
    public const string ParamPrefix = "Mcp-Param-";

    private const string EncodedStart = "=?base64?";
    private const string EncodedEnd = "?=";

    /// <summary>
    /// The value a header stands for: <c>=?base64?...?=</c> is decoded, anything else is itself. Null when the encoding is broken.
    /// </summary>
    public static string? Decode(string value)
    {
        if (!value.StartsWith(EncodedStart, StringComparison.Ordinal) || !value.EndsWith(EncodedEnd, StringComparison.Ordinal)
            || value.Length < EncodedStart.Length + EncodedEnd.Length)
            return value;
        var encoded = value.AsSpan()[EncodedStart.Length..^EncodedEnd.Length];
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(encoded.Length)];
        return Convert.TryFromBase64Chars(encoded, bytes, out var written) ? Encoding.UTF8.GetString(bytes.AsSpan(0, written)) : null;
    }

    /// <summary>The header form of <paramref name="value"/>: itself when it is plain visible ASCII, else <c>=?base64?...?=</c>.</summary>
    public static string Encode(string value)
    {
        var isPlain = value.Length > 0 && value[0] != ' ' && value[^1] != ' ' && value.All(c => c is >= ' ' and <= '~')
            && !(value.StartsWith(EncodedStart, StringComparison.Ordinal) && value.EndsWith(EncodedEnd, StringComparison.Ordinal));
        return isPlain ? value : EncodedStart + Convert.ToBase64String(Encoding.UTF8.GetBytes(value)) + EncodedEnd;
    }
}
