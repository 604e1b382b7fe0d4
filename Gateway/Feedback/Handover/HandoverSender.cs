using System.Buffers;
using System.Text.Json;
using Cortex.Backends;
using Cortex.Backends.Contract;
using Cortex.Catalog;
using Cortex.Foundation.Model;

namespace Cortex.Feedback.Handover;

/// <summary>
/// Passes a caller's waiting tickets to the backends that own them: <c>report_missing_capability</c> with <c>{ticketId, summary, severity, userIntent?,
/// contextTool?, suggestedShape?}</c>. A ticket may arrive twice after a crash; <c>ticketId</c> tells.
/// </summary>
internal sealed class HandoverSender(HandoverStore handovers, TicketStore tickets, BackendTickets calls, BackendRegistry backends, CatalogStore catalog)
{
    /// <summary>Tries each once; false when some still wait.</summary>
    public async Task<bool> SendAsync(Caller caller, CancellationToken cancellationToken)
    {
        var owner = Reporter.Of(caller).Owner;
        var sent = await Task.WhenAll((await handovers.ClaimAsync(owner, cancellationToken)).Select(row => SendAsync(caller, owner, row, cancellationToken)));
        return sent.All(isDone => isDone);
    }

    private async Task<bool> SendAsync(Caller caller, string owner, HandoverRow row, CancellationToken cancellationToken)
    {
        if (await tickets.FindAsync(owner, row.TicketId, cancellationToken) is not { } ticket)
        {
            await handovers.DoneAsync(row.TicketId, null, cancellationToken);
            return true;
        }

        if (!BackendId.TryParse(row.BackendId, out var id) || backends.Current.Find(id) is not { } backend || !TicketMethods.Takes(catalog.Current, caller, backend))
        {
            await handovers.FailedAsync(row.TicketId, "The backend takes no tickets of this caller now.", cancellationToken);
            return false;
        }

        var outcome = await calls.CallAsync(caller, backend, TicketMethods.Report, Parameters(ticket, OriginalTool(caller, ticket)), backend.Options.Timeout, cancellationToken);
        if (outcome is ContractOutcome.Returned returned)
        {
            await handovers.DoneAsync(row.TicketId, BackendTicket.Read(returned.Json), cancellationToken);
            return true;
        }

        await handovers.FailedAsync(row.TicketId, ContractOutcomeText.ForOperators(outcome), cancellationToken);
        return false;
    }

    private string? OriginalTool(Caller caller, TicketRow ticket) => ticket.ContextTool is { } tool
        ? TicketContext.Of(catalog.Current, caller, new MissingCapability("", Severity.NiceToHave, ContextTool: tool)).OriginalTool ?? tool
        : null;

    private static ReadOnlyMemory<byte> Parameters(TicketRow ticket, string? tool)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("ticketId"u8, ticket.Id);
            json.WriteString("summary"u8, ticket.Wanted);
            json.WriteString("whatIWanted"u8, ticket.Wanted);
            json.WriteString("userIntent"u8, ticket.Intent ?? ticket.Wanted);
            json.WriteString("severity"u8, ticket.Severity);
            if (tool is not null)
                json.WriteString("contextTool"u8, tool);
            if (ticket.SuggestedShape is not null)
                json.WriteString("suggestedShape"u8, ticket.SuggestedShape);
            json.WriteEndObject();
        }

        return output.WrittenMemory;
    }
}
