using System.Text.RegularExpressions;

namespace Cortex.Tests.Docs.Commands;

/// <summary>An address that a client is given: the gateway's MCP endpoint, whole or as a toolset.</summary>
internal static partial class McpAddress
{
    public static bool IsOne(string address) => Shape().IsMatch(address);

    public static string Fault(string address) => $"'{address}' is no address of the MCP endpoint: https://<host>/mcp or /mcp/<toolset>, http for localhost alone.";

    [GeneratedRegex(@"^(https://[A-Za-z0-9.<>-]+(:\d+)?|http://(localhost|127\.0\.0\.1)(:\d+)?|(\$\{?[A-Z_]+\}?))/mcp(/[a-z0-9<>-]+)?$")]
    private static partial Regex Shape();
}
