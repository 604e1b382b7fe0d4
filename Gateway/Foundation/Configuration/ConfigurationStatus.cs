namespace Cortex.Foundation.Configuration;

/// <summary>How well what runs matches the files.</summary>
/// <param name="LastGoodLoad">When the main file was last read without a fault.</param>
/// <param name="Errors">Every fault that keeps a change from running; empty when all is well.</param>
/// <param name="PendingRestart">YAML paths whose change waits for the next start.</param>
internal sealed record ConfigurationStatus(
    DateTimeOffset LastGoodLoad,
    IReadOnlyList<ConfigurationError> Errors,
    IReadOnlyList<string> PendingRestart);
