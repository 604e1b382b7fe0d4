using System.ComponentModel;
using Cortex.Feedback;
using Cortex.Foundation.Model;

namespace Cortex.Builtins.Tools;

/// <summary><c>list_cortex_tickets</c>: the caller's own tickets, from every source, and what became of them.</summary>
internal sealed class ListTickets(TicketDesk desk) : Builtin<ListTickets.Arguments, ListTickets.Answered>(
    BuiltinNames.ListTickets,
    "List my tickets",
    "Lists what you reported with report_missing_capability, newest first, with status and resolution. Nobody else's tickets are shown.",
    isReadOnly: true)
{
    private const int PageSize = 50;

    protected override async ValueTask<BuiltinResult> CallAsync(BuiltinCall call, Arguments arguments, CancellationToken cancellationToken)
    {
        TicketCursor? before = null;
        if (arguments.Cursor is { } text && !TicketCursor.TryParse(text, out before))
            return new BuiltinResult.Failed("'cursor' is not the nextCursor of an answer of this tool; list again without it.");
        var list = await desk.ListAsync(call.Caller, before, PageSize, cancellationToken);
        return Answer(new Answered(list.Tickets, list.Notes, list.NextCursor?.ToString()));
    }

    /// <summary>The arguments.</summary>
    internal sealed record Arguments([property: Description("Goes on where the answer before ended: its nextCursor.")] string? Cursor = null);

    /// <summary>The answer.</summary>
    internal sealed record Answered(
        [property: Description("Status is open, triaged, planned, resolved, wont_fix or duplicate, or the app's own word.")] IReadOnlyList<TicketView> Tickets,
        [property: Description("Apps that could not be asked for their tickets.")] IReadOnlyList<string> Notes,
        [property: Description("There is more: call again with this as 'cursor'. Null at the end.")] string? NextCursor);
}
