using Cortex.Feedback;
using Cortex.Feedback.Handover;
using Cortex.Feedback.Triage;
using Cortex.Identity.Callers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cortex.Console.Operators;

/// <summary>
/// What could not be sent: <c>/api/admin/tickets/dead-letters</c>, events that the webhook's receiver did not take, and <c>/api/admin/tickets/handovers</c>,
/// tickets that the backends which own them did not take.
/// </summary>
internal static class SendingEndpoints
{
    private const int MaxIdLength = 100;

    public static void Map(RouteGroupBuilder api)
    {
        var letters = api.MapGroup("/tickets/dead-letters").WithTags("tickets");
        letters.MapGet("/", ListLettersAsync).ForOperators(AdminScopes.ToRead(AdminScopes.Tickets), "Webhook events that were given up, oldest first")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        letters.MapPost("/{id}/retry", RetryLetterAsync).ForOperators(AdminScopes.Tickets, "Sends a dead letter anew, as long as a new event would be tried")
            .ProducesProblem(StatusCodes.Status404NotFound);
        var handovers = api.MapGroup("/tickets/handovers").WithTags("tickets");
        handovers.MapGet("/", ListHandoversAsync).ForOperators(AdminScopes.ToRead(AdminScopes.Tickets), "Tickets that their backends did not take, however often they were offered")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        handovers.MapPost("/{id}/retry", RetryHandoverAsync)
            .ForOperators(AdminScopes.Tickets, "Offers a ticket to its backend anew when its reporter is next here, since it goes with their credential")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<PageOfDeadLetters>, ProblemHttpResult>> ListLettersAsync(
        DeadLetters letters, CancellationToken cancellationToken, string? after = null, int limit = TriageFilter.DefaultLimit)
    {
        if (TriageFilter.TryReadPage(null, limit, out var problem) is null)
            return TriageFilter.Refuse(problem);
        if (after is not null && !IsId(after))
            return TriageFilter.Refuse("after is no id of a dead letter; write the value of 'next' of the page before.");
        var found = await letters.ListAsync(after, limit + 1, cancellationToken);
        DeadLetterItem[] items = [.. found.Take(limit).Select(DeadLetterItem.Of)];
        return TypedResults.Ok(new PageOfDeadLetters(items, found.Count > limit ? items[^1].Id : null));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RetryLetterAsync(string id, HttpContext http, DeadLetters letters, OperatorAudit audit)
    {
        if (!IsId(id) || !await letters.RetryAsync(id, CancellationToken.None))
            return TypedResults.Problem("There is no such dead letter.", statusCode: StatusCodes.Status404NotFound);
        await audit.WriteAsync(http, "webhook.retry", id, SendingState.GivenUp, SendingState.Waiting, OperatorJson.Default.SendingState);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<PageOfHandovers>, ProblemHttpResult>> ListHandoversAsync(
        HandoverStore handovers, CancellationToken cancellationToken, string? after = null, int limit = TriageFilter.DefaultLimit)
    {
        if (TriageFilter.TryReadPage(null, limit, out var problem) is null)
            return TriageFilter.Refuse(problem);
        TicketId last = default;
        if (after is not null && !TicketId.TryParse(after, out last))
            return TriageFilter.Refuse("after is no id of a ticket; write the value of 'next' of the page before.");
        var found = await handovers.StuckAsync(after is null ? null : last, limit + 1, cancellationToken);
        HandoverItem[] items = [.. found.Take(limit).Select(HandoverItem.Of)];
        return TypedResults.Ok(new PageOfHandovers(items, found.Count > limit ? items[^1].Ticket : null));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RetryHandoverAsync(string id, HttpContext http, HandoverStore handovers, OperatorAudit audit)
    {
        if (!TicketId.TryParse(id, out var ticket) || !await handovers.RetryAsync(ticket, CancellationToken.None))
            return TypedResults.Problem("No ticket with this id is stuck.", statusCode: StatusCodes.Status404NotFound);
        await audit.WriteAsync(http, "handover.retry", id, SendingState.GivenUp, SendingState.Waiting, OperatorJson.Default.SendingState);
        return TypedResults.NoContent();
    }

    private static bool IsId(string text) => text.Length <= MaxIdLength && text.All(letter => letter == '_' || char.IsAsciiLetterOrDigit(letter));
}
