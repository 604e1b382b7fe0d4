using Cortex.Foundation.Configuration;
using Cortex.Governance.Integrity.Baselines;

namespace Cortex.Cli;

/// <summary>What the commands do beyond reading the configuration: given by the program, since the command line cannot build the gateway.</summary>
internal sealed record CommandActions
{
    /// <summary>The root keys of the configuration.</summary>
    public required IReadOnlyList<ConfigurationSection> Sections { get; init; }

    /// <summary>Runs the gateway until it is told to stop; gives the exit code.</summary>
    public required Func<ServeOptions, CancellationToken, Task<int>> Serve { get; init; }

    /// <summary>Brings the database up to date; gives the exit code.</summary>
    public required Func<MigrateOptions, CancellationToken, Task<int>> Migrate { get; init; }

    /// <summary>Lists or rotates the keys of the vault; gives the exit code.</summary>
    public required Func<KeysOptions, CancellationToken, Task<int>> Keys { get; init; }
    /// <summary>Reads what is approved; throws <see cref="IntegrityFileException"/> when it can't be given out.</summary>
    public required Func<IntegrityExportOptions, CancellationToken, Task<BaselineFile>> ExportIntegrity { get; init; }

    /// <summary>Stores what an operator signed, for the gateway of a configuration file; throws <see cref="IntegrityFileException"/> when it is refused.</summary>
    public required Func<string, BaselineFile, CancellationToken, Task> ImportIntegrity { get; init; }
}
