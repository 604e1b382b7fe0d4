using Cortex.Tests.Clients;
using Cortex.Tests.Docs.Shell;

namespace Cortex.Tests.Docs.Commands;

/// <summary>Programs and scripts of this repository, run by <c>node</c>, <c>python3</c> or <c>bash</c>: they are there.</summary>
internal sealed class SampleCommand : ICommandRule
{
    public bool Takes(ShellCommand command) =>
        command.Program is "node" or "python3" or "bash" || (command.Program != "./test.sh" && command.Program.StartsWith("./", StringComparison.Ordinal));

    public IEnumerable<string> Faults(ShellCommand command)
    {
        var path = command.Program.StartsWith("./", StringComparison.Ordinal) ? command.Program : command.Arguments.FirstOrDefault(word => !word.StartsWith('-'));
        return path is not null && File.Exists(Repository.PathOf(path)) ? [] : [$"'{path}' is not in this repository."];
    }
}
