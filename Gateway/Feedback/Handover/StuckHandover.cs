namespace Cortex.Feedback.Handover;

/// <summary>A ticket that its backend did not take, however often it was offered.</summary>
internal sealed record StuckHandover
{
    public string TicketId { get; init; } = "";

    public string BackendId { get; init; } = "";

    public long Attempts { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    public string? Error { get; init; }
}
