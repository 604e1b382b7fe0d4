using System.Globalization;
using System.Net.Http.Headers;
using Cortex.Catalog;
using Cortex.Foundation.Model;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// Repeats arguments of a call in headers, as a modern server asks for: those its tool names, out of the body, whatever the era of the client; and
/// those the gateway does not know, as a modern client sent them.
/// </summary>
internal static class MirroredHeaders
{
    /// <summary>Largest whole number that every reader holds exactly.</summary>
    private const decimal MaxInteger = 9_007_199_254_740_991;

    public static void AddTo(HttpRequestHeaders headers, McpExchange exchange, CatalogItem item)
    {
        var mirrored = exchange.Message.Method == "tools/call" ? item.Mirrored : null;
        if (exchange.Era == Era.Modern)
            AddUnknown(headers, exchange.Http.Request.Headers, mirrored);
        if (mirrored is null || !mirrored.TryRead(exchange.Message.Raw(McpMembers.Arguments).Span, out var values))
            return;
        foreach (var value in values)
        {
            if (value.Text is { } text)
                headers.TryAddWithoutValidation(McpHeaders.ParamPrefix + value.Name, McpHeaders.Encode(value.IsNumber ? Canonical(text) : text));
        }
    }

    private static void AddUnknown(HttpRequestHeaders headers, IHeaderDictionary inbound, MirroredParameters? mirrored)
    {
        foreach (var (header, value) in inbound)
        {
            if (header.StartsWith(McpHeaders.ParamPrefix, StringComparison.OrdinalIgnoreCase) && mirrored?.Contains(header.AsSpan(McpHeaders.ParamPrefix.Length)) != true)
                headers.TryAddWithoutValidation(header, value.ToString());
        }
    }

    /// <summary>A whole number without point or exponent; anything else as it is.</summary>
    private static string Canonical(string number) =>
        decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && decimal.IsInteger(value) && Math.Abs(value) <= MaxInteger
            ? value.ToString("0", CultureInfo.InvariantCulture)
            : number;
}
