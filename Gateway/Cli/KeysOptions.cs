namespace Cortex.Cli;

/// <summary>What <c>cortex keys</c> was told.</summary>
/// <param name="ConfigFile">The main configuration file.</param>
/// <param name="Rotate">True to rotate, false to list.</param>
/// <param name="Output">Where to print.</param>
internal sealed record KeysOptions(string ConfigFile, bool Rotate, TextWriter Output);
