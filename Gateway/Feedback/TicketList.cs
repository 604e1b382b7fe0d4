namespace Cortex.Feedback;

/// <summary>A page of a caller's tickets.</summary>
/// <param name="Tickets">Newest first; tickets that only backends know come last, on the first page.</param>
/// <param name="Notes">What could not be had, one sentence each: a backend that did not answer is no error.</param>
/// <param name="NextCursor">For the next page; null when this is the last.</param>
internal sealed record TicketList(IReadOnlyList<TicketView> Tickets, IReadOnlyList<string> Notes, TicketCursor? NextCursor);

/// <summary>One ticket as its reporter sees it. It tells nothing of others who want the same.</summary>
/// <param name="TicketId">The gateway's id; the backend's own for a ticket that only the backend knows.</param>
/// <param name="Backend">The backend it is about, or that keeps it; null for the gateway as a whole.</param>
/// <param name="Summary">What was wanted.</param>
/// <param name="Severity">As reported; null for a backend's own ticket.</param>
/// <param name="Status">A word of <see cref="TicketState"/>, or in the backend's own words for a ticket that it has taken.</param>
/// <param name="Resolution">What operators, or the backend, tell about it.</param>
/// <param name="BackendTicketId">The backend's id of it, once it was passed on.</param>
/// <param name="Reports">How often its owner reported it.</param>
/// <param name="CreatedAt">When it was first reported; null for a backend's own ticket.</param>
/// <param name="RefreshedAt">When it was last reported.</param>
internal sealed record TicketView(
    string TicketId,
    string? Backend,
    string? Summary,
    string? Severity,
    string? Status,
    string? Resolution,
    string? BackendTicketId,
    long Reports,
    DateTimeOffset? CreatedAt,
    DateTimeOffset? RefreshedAt)
{
    public static TicketView Of(TicketRow row) => new(
        row.Id,
        row.BackendId,
        row.Wanted,
        row.Severity,
        row.State == TicketState.Open.Word() && row.BackendStatus is not null ? row.BackendStatus : row.State,
        row.Resolution,
        row.BackendTicketId,
        row.Reports,
        DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
        DateTimeOffset.FromUnixTimeMilliseconds(row.RefreshedAt));
}
