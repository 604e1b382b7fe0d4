namespace Cortex.Cli.Findings;

/// <summary>What every command that checks something was told.</summary>
internal interface IFindingOptions
{
    /// <summary>The address that is examined.</summary>
    string Address { get; }

    /// <summary>What must not be printed, whoever repeats it.</summary>
    IReadOnlyCollection<string> Secrets { get; }
}
