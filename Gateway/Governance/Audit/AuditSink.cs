namespace Cortex.Governance.Audit;

/// <summary>The two places a record goes to.</summary>
internal enum AuditSink
{
    Stdout,
    Database,
}
