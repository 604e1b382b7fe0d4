using Cortex.Feedback.Handover;
using Cortex.Feedback.Webhook;

namespace Cortex.Console.Operators;

/// <summary>An event that was given up.</summary>
/// <param name="Id">The value of <c>webhook-id</c>.</param>
/// <param name="Ticket">The ticket it tells of.</param>
/// <param name="Error">Why the last attempt failed.</param>
internal sealed record DeadLetterItem(string Id, string Ticket, long Attempts, DateTimeOffset CreatedAt, string? Error)
{
    public static DeadLetterItem Of(WebhookDelivery delivery) => new(
        delivery.Id, delivery.TicketId, delivery.Attempts, DateTimeOffset.FromUnixTimeMilliseconds(delivery.CreatedAt), delivery.Error);
}

/// <summary>Some dead letters.</summary>
/// <param name="Next">Value of <c>after</c> for the next page; null at the end.</param>
internal sealed record PageOfDeadLetters(IReadOnlyList<DeadLetterItem> Items, string? Next);

/// <summary>A ticket that its backend did not take.</summary>
/// <param name="Error">Why the last attempt failed.</param>
internal sealed record HandoverItem(string Ticket, string Backend, long Attempts, DateTimeOffset CreatedAt, string? Error)
{
    public static HandoverItem Of(StuckHandover handover) => new(
        handover.TicketId, handover.BackendId, handover.Attempts, DateTimeOffset.FromUnixTimeMilliseconds(handover.CreatedAt), handover.Error);
}

/// <summary>Some tickets that are stuck.</summary>
/// <param name="Next">Value of <c>after</c> for the next page; null at the end.</param>
internal sealed record PageOfHandovers(IReadOnlyList<HandoverItem> Items, string? Next);

/// <summary>Where something that is to be sent stands, for the record.</summary>
internal sealed record SendingState(string State)
{
    public static readonly SendingState GivenUp = new("given_up");

    public static readonly SendingState Waiting = new("waiting");
}
