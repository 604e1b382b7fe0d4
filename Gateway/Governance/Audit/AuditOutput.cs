namespace Cortex.Governance.Audit;

/// <summary>Where audit lines go: stdout, whose synchronized writer keeps them whole between the lines of the log.</summary>
internal sealed record AuditOutput(TextWriter Writer);
