namespace Cortex.Cli;

/// <summary>What <c>cortex serve</c> was told.</summary>
/// <param name="ConfigFile">The main configuration file.</param>
/// <param name="Urls">Listening addresses, separated by <c>;</c>; null when not given.</param>
internal sealed record ServeOptions(string ConfigFile, string? Urls);
