using Cortex.Tests.Docs.Shell;

namespace Cortex.Tests.Docs.Commands;

/// <summary>The rules of all programs that the documentation lets a reader run; the first that takes a command holds.</summary>
internal static class CommandRules
{
    private static readonly ICommandRule[] All =
    [
        new GatewayCommand(), new DockerCommand(), new DotnetCommand(), new CurlCommand(), new HelmCommand(), new KubectlCommand(), new ClaudeCommand(), new EditorCommand(), new PackageCommand(),
        new ClientCommand(), new SampleCommand(), new TestScriptCommand(), new OtherTool(),
    ];

    /// <summary>True when commands of this program are held against more than bash.</summary>
    public static bool Hold(string program) => Array.Exists(All, rule => rule is not OtherTool && rule.Takes(new ShellCommand(1, [program])));

    public static IReadOnlyList<string> FaultsOf(ShellCommand command) => All.FirstOrDefault(rule => rule.Takes(command)) is { } rule
        ? [.. rule.Faults(command)]
        : [$"there is no rule for '{command.Program}'. Write one beside the others in Gateway.Tests/Docs/Commands, or name it in {nameof(OtherTool)} if nothing of it can be held here."];
}
