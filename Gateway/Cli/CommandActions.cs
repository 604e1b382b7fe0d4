using Cortex.Foundation.Configuration;

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
}
