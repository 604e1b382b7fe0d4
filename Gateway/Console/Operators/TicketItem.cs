using Cortex.Feedback.Triage;

namespace Cortex.Console.Operators;

/// <summary>A ticket: one caller's report.</summary>
/// <param name="Need">Id of the need it is about.</param>
/// <param name="State">State of the need.</param>
/// <param name="Resolution">What the reporter is told.</param>
/// <param name="Severity"><c>blocking</c>, <c>inconvenient</c> or <c>nice_to_have</c>.</param>
/// <param name="Wanted">The wish, as reported.</param>
/// <param name="Intent">What the person was after.</param>
/// <param name="Backend">The backend it is about.</param>
/// <param name="BackendTicketId">The backend's own id of it, where the backend keeps its tickets.</param>
/// <param name="BackendStatus">What the backend last said of it.</param>
/// <param name="Person">Id of the person; null for a machine client.</param>
/// <param name="Client">Id of the client that reported it.</param>
/// <param name="Reports">How often it was reported.</param>
internal sealed record TicketItem(
    string Id,
    string Need,
    string State,
    string? Resolution,
    string Severity,
    string Wanted,
    string? Intent,
    string? ContextTool,
    string? ContextApp,
    string? SuggestedShape,
    string? Backend,
    string? BackendTicketId,
    string? BackendStatus,
    string? Person,
    string Client,
    long Reports,
    DateTimeOffset CreatedAt,
    DateTimeOffset RefreshedAt)
{
    public static TicketItem Of(NeedTicket ticket) => new(
        ticket.Id,
        ticket.NeedId,
        ticket.State,
        ticket.Resolution,
        ticket.Severity,
        ticket.Wanted,
        ticket.Intent,
        ticket.ContextTool,
        ticket.ContextApp,
        ticket.SuggestedShape,
        ticket.BackendId,
        ticket.BackendTicketId,
        ticket.BackendStatus,
        ticket.PersonId,
        ticket.ClientId,
        ticket.Reports,
        DateTimeOffset.FromUnixTimeMilliseconds(ticket.CreatedAt),
        DateTimeOffset.FromUnixTimeMilliseconds(ticket.RefreshedAt));
}

/// <summary>Some tickets, newest first.</summary>
/// <param name="Next">Value of <c>before</c> for the next page; null at the end.</param>
internal sealed record PageOfTickets(IReadOnlyList<TicketItem> Items, string? Next);
