namespace Cortex.Feedback;

/// <summary>What became of a report.</summary>
internal abstract record ReportResult
{
    private ReportResult()
    {
    }

    /// <summary>It is stored.</summary>
    internal sealed record Reported(ReportReceipt Receipt) : ReportResult;

    /// <summary>It has faults; each is a sentence that names the argument.</summary>
    internal sealed record Invalid(IReadOnlyList<string> Faults) : ReportResult;

    /// <summary>This caller reported too much of late.</summary>
    internal sealed record Limited(TimeSpan RetryAfter) : ReportResult;
}

/// <summary>What the caller is told: <c>{ticketId, deduplicated, backend, ackMessage}</c>.</summary>
/// <param name="TicketId">The caller's ticket.</param>
/// <param name="Deduplicated">True when this wish of the same caller was known, and its ticket was refreshed.</param>
/// <param name="Backend">The backend that the ticket is about, where the report tells and the caller may use it; null for the gateway as a whole.</param>
/// <param name="AckMessage">A sentence for the agent.</param>
internal sealed record ReportReceipt(TicketId TicketId, bool Deduplicated, Cortex.Foundation.Model.BackendId? Backend, string AckMessage);
