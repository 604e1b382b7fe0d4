namespace Cortex.Cli;

/// <summary>What <c>cortex integrity export</c> was told.</summary>
/// <param name="ConfigFile">The main configuration file.</param>
/// <param name="Backends">The backends it is about; none for all.</param>
/// <param name="WithPending">True to propose what waits for approval.</param>
internal sealed record IntegrityExportOptions(string ConfigFile, IReadOnlyList<string> Backends, bool WithPending);
