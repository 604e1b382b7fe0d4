using Cortex.Tests.Docs.Shell;

namespace Cortex.Tests.Docs.Commands;

/// <summary>What the commands of one program are held against.</summary>
internal interface ICommandRule
{
    /// <summary>True when a command is its own.</summary>
    bool Takes(ShellCommand command);

    /// <summary>What is wrong with it, each with what to do.</summary>
    IEnumerable<string> Faults(ShellCommand command);
}
