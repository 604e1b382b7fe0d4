using System.Buffers;
using System.Text.Json;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;

namespace Cortex.Mcp.Wire;

/// <summary>
/// Chooses the era of a request. Pure. In order:
/// (1) a version header that is not supported is refused; (2) a modern header or a version in <c>_meta</c> selects the modern era, whose
/// headers and <c>_meta</c> are then checked; (3) everything else is legacy.
/// </summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http"/></remarks>
internal static class EraSelector
{
    /// <summary>Visible ASCII, space and tab.</summary>
    private static readonly SearchValues<char> HeaderCharacters =
        SearchValues.Create(['\t', .. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)]);

    public static EraDecision Select(McpMessage message, IHeaderDictionary headers)
    {
        var header = headers[McpHeaders.ProtocolVersion].ToString();
        var inHeader = ProtocolVersion.Find(header);
        if (header.Length > 0 && inHeader is null)
            return Modern(McpError.VersionNotSupported(header));
        var metaText = message.Text(McpMembers.Version);
        var inMeta = ProtocolVersion.Find(metaText);
        if (inHeader?.Era == Era.Modern || inMeta?.Era == Era.Modern)
            return CheckModern(message, headers, inHeader, metaText, inMeta);
        if (metaText is not null && inMeta is null)
            return Modern(McpError.VersionNotSupported(metaText));
        return new EraDecision.Legacy(inHeader ?? ProtocolVersion.V20250326);
    }

    private static EraDecision CheckModern(
        McpMessage message, IHeaderDictionary headers, ProtocolVersion? inHeader, string? metaText, ProtocolVersion? inMeta)
    {
        if (inHeader is null)
            return Modern(McpError.Mismatch($"The header {McpHeaders.ProtocolVersion} is missing; send the version of _meta in it as well."));
        if (message.Kind != JsonRpcKind.Request)
            return new EraDecision.Modern(inHeader);
        if (metaText is null)
            return Modern(new McpError(400, McpError.InvalidParams, $"params._meta must hold the string '{McpMembers.MetaProtocolVersion}'."));
        if (inMeta != inHeader)
            return Modern(McpError.Mismatch($"The header {McpHeaders.ProtocolVersion} says '{inHeader}', _meta says '{McpError.Shorten(metaText)}'; send the same version in both."));
        if (!message.TryGet(McpMembers.Capabilities, out var capabilities) || capabilities.Kind != JsonValueKind.Object)
            return Modern(new McpError(400, McpError.InvalidParams, $"params._meta must hold the object '{McpMembers.MetaClientCapabilities}'."));
        return (CheckMirrors(message, headers) ?? CheckParameters(headers)) is { } mismatch ? Modern(mismatch) : new EraDecision.Modern(inHeader);
    }

    /// <summary>Headers that repeat a part of the body must agree with it, since proxies decide by them.</summary>
    private static McpError? CheckMirrors(McpMessage message, IHeaderDictionary headers)
    {
        var method = headers[McpHeaders.Method].ToString();
        if (method.Length == 0)
            return McpError.Mismatch($"The header {McpHeaders.Method} is missing; send the method in it.");
        if (method != message.Method)
            return McpError.Mismatch($"The header {McpHeaders.Method} differs from the method of the body; send the same in both.");
        int? mirrored = message.Method switch
        {
            "tools/call" or "prompts/get" => McpMembers.Name,
            "resources/read" => McpMembers.Uri,
            _ => null,
        };
        if (mirrored is not { } member || message.Text(member) is not { } name)
            return null;
        var header = headers[McpHeaders.Name].ToString();
        if (header.Length == 0)
            return McpError.Mismatch($"The header {McpHeaders.Name} is missing; send the name or URI of the body in it.");
        return McpHeaders.Decode(header) == name
            ? null
            : McpError.Mismatch($"The header {McpHeaders.Name} differs from the name or URI of the body; send the same in both.");
    }

    /// <summary>Headers that repeat parameters go on to the backend, so that a value no header can hold must not get that far.</summary>
    private static McpError? CheckParameters(IHeaderDictionary headers)
    {
        foreach (var (name, value) in headers)
        {
            if (name.StartsWith(McpHeaders.ParamPrefix, StringComparison.OrdinalIgnoreCase) && value.ToString().AsSpan().ContainsAnyExcept(HeaderCharacters))
                return McpError.Mismatch($"The header {McpError.Shorten(name)} holds more than visible ASCII; send the value as =?base64?...?=.");
        }

        return null;
    }

    private static EraDecision.Refused Modern(McpError error) => new(error, Era.Modern);
}
