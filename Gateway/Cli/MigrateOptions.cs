namespace Cortex.Cli;

/// <summary>What <c>cortex migrate</c> was told.</summary>
/// <param name="ConfigFile">The main configuration file.</param>
internal sealed record MigrateOptions(string ConfigFile);
