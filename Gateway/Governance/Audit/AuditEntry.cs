namespace Cortex.Governance.Audit;

/// <summary>A record made ready for both of its places.</summary>
/// <param name="Id">Unique and rising with time; makes a repeated insert harmless.</param>
/// <param name="Record">The record, with time, and with its texts cleaned.</param>
/// <param name="Caller">The person's pseudonym, or null.</param>
internal sealed record AuditEntry(string Id, AuditRecord Record, string? Caller);
