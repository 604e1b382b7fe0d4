using Cortex.Tests.Docs.Shell;

namespace Cortex.Tests.Docs.Commands;

/// <summary>Command lines of other MCP clients: they speak of MCP, and each address among their words is the gateway's.</summary>
internal sealed class ClientCommand : ICommandRule
{
    private static readonly string[] Clients = ["openclaw", "hermes", "codex", "gemini", "cursor-agent", "mcp-remote"];

    public bool Takes(ShellCommand command) => Clients.Contains(command.Program);

    public IEnumerable<string> Faults(ShellCommand command) => AddressFaults(command.Arguments);

    /// <summary>What is wrong with the addresses among these words, alone or within JSON.</summary>
    public static IEnumerable<string> AddressFaults(IEnumerable<string> words) => words
        .SelectMany(word => word.Split('"', '\'', '='))
        .Where(word => word.StartsWith("http://", StringComparison.Ordinal) || word.StartsWith("https://", StringComparison.Ordinal))
        .Where(word => !McpAddress.IsOne(word)).Select(McpAddress.Fault);
}
