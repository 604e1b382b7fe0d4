using Cortex.Tests.Docs.Shell;

namespace Cortex.Tests.Docs.Commands;

/// <summary><c>npx PACKAGE</c>, <c>npm install PACKAGE</c>: packages that the documentation stands for, and addresses of the gateway.</summary>
internal sealed class PackageCommand : ICommandRule
{
    private static readonly string[] Packages = ["mcp-remote", "@modelcontextprotocol/inspector", "@anthropic-ai/claude-code", "openclaw"];

    public bool Takes(ShellCommand command) => command.Program is "npx" or "npm";

    public IEnumerable<string> Faults(ShellCommand command)
    {
        var words = command.Arguments.Where(word => word is not ("-y" or "--yes" or "-g" or "--global")).ToList();
        if (command.Program == "npm" && words is ["install" or "i", ..])
            words.RemoveAt(0);
        var package = words.FirstOrDefault() ?? "";
        var version = package.LastIndexOf('@');
        if (!Packages.Contains(version > 0 ? package[..version] : package))
            return [$"'{package}' is no package that the documentation stands for: {string.Join(", ", Packages)}. Name it in {nameof(PackageCommand)} once it was tried."];
        return ClientCommand.AddressFaults(words.Skip(1));
    }
}
