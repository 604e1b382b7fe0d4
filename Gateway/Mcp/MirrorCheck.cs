using System.Globalization;
using Cortex.Catalog;
using Cortex.Foundation.Model;
using Cortex.Mcp.Wire;
using Microsoft.Extensions.Primitives;

namespace Cortex.Mcp;

/// <summary>
/// Holds the <c>Mcp-Param-*</c> headers of a modern tool call against its arguments, since proxies decide by the one and the tool by the other: each
/// argument that the tool wants mirrored must have its header, and each such header its argument, both with one value. Pure.
/// </summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#server-behavior-for-custom-headers"/></remarks>
internal static class MirrorCheck
{
    /// <summary>What is wrong with the call; null when nothing is.</summary>
    public static McpError? Find(McpExchange exchange, CatalogItem item)
    {
        if (exchange.Message.Method != "tools/call" || item.Mirrored is not { } mirrored)
            return null;
        if (!mirrored.TryRead(exchange.Message.Raw(McpMembers.Arguments).Span, out var values))
            return Refuse(exchange.Era, "An argument that is repeated in a header occurs twice, or is no whole text; send it once.");
        return exchange.Era == Era.Modern
            ? values.Select(value => Compare(value, exchange.Http.Request.Headers[McpHeaders.ParamPrefix + value.Name], exchange.IsUnwrapped)).FirstOrDefault(error => error is not null)
            : null;
    }

    /// <param name="value">The argument.</param>
    /// <param name="header">Its header.</param>
    /// <param name="mayLack">True for a call within a <c>call_tool</c>, of whose arguments the client knows none that it had to repeat.</param>
    private static McpError? Compare(MirroredValue value, StringValues header, bool mayLack)
    {
        var name = McpHeaders.ParamPrefix + value.Name;
        if (value.Text is null)
            return header.Count == 0 ? null : McpError.Mismatch($"The header {name} is there, but the argument it repeats is not; send both or neither.");
        if (header.Count == 0)
            return mayLack ? null : McpError.Mismatch($"The header {name} is missing; tools/list says which argument to send in it.");
        if (McpHeaders.Decode(header.ToString()) is not { } text)
            return McpError.Mismatch($"The header {name} is not valid base64 between =?base64? and ?=.");
        return text == value.Text || (value.IsNumber && IsSameNumber(text, value.Text))
            ? null
            : McpError.Mismatch($"The header {name} differs from the argument it repeats; send the same in both.");
    }

    private static bool IsSameNumber(string one, string other) =>
        decimal.TryParse(one, NumberStyles.Float, CultureInfo.InvariantCulture, out var first)
        && decimal.TryParse(other, NumberStyles.Float, CultureInfo.InvariantCulture, out var second)
        && first == second;

    private static McpError Refuse(Era era, string message) =>
        era == Era.Modern ? McpError.Mismatch(message) : new McpError(200, McpError.InvalidParams, message);
}
