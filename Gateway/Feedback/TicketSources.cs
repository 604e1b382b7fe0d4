using Cortex.Backends;
using Cortex.Backends.Contract;
using Cortex.Catalog;
using Cortex.Feedback.Handover;
using Cortex.Foundation.Model;
using Microsoft.Extensions.Options;

namespace Cortex.Feedback;

/// <summary>Asks the backends that keep tickets for this caller's, all at once, each within its deadline.</summary>
internal sealed class TicketSources(BackendTickets calls, CatalogStore catalog, IOptionsMonitor<TicketsOptions> options)
{
    /// <summary>What each backend said, or why it said nothing.</summary>
    public async Task<Answers> AskAsync(Caller caller, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(TicketMethods.Keepers(catalog.Current, caller).Select(backend => AskAsync(caller, backend, cancellationToken)));
        return new Answers([.. answers.SelectMany(answer => answer.Tickets)], [.. answers.SelectMany(answer => answer.Notes)]);
    }

    /// <summary>The gateway's tickets, brought up to date by what their backends say, and then those that only backends know.</summary>
    /// <param name="linked">Backends' tickets that are the gateway's too, on this page or another.</param>
    public static (IReadOnlyList<TicketView> Views, IReadOnlyList<string> Notes) Merge(
        IReadOnlyList<TicketRow> rows, Answers answers, IReadOnlyList<LinkedTicket> linked)
    {
        var told = answers.Tickets.DistinctBy(answer => (answer.Backend.Value, answer.Ticket.Id)).ToDictionary(answer => (answer.Backend.Value, answer.Ticket.Id), answer => answer.Ticket);
        var views = new List<TicketView>();
        foreach (var row in rows)
        {
            var isTold = told.Remove((row.BackendId ?? "", row.BackendTicketId ?? ""), out var ticket);
            var view = TicketView.Of(isTold ? row with { BackendStatus = ticket!.Status ?? row.BackendStatus } : row);
            views.Add(isTold ? view with { Resolution = view.Resolution ?? ticket!.Resolution } : view);
        }

        foreach (var ticket in linked)
            told.Remove((ticket.BackendId, ticket.BackendTicketId));
        views.AddRange(told.Select(entry => new TicketView(
            entry.Value.Id, entry.Key.Value, entry.Value.Summary, null, entry.Value.Status, entry.Value.Resolution, entry.Value.Id, 1, null, null)));
        return (views, answers.Notes);
    }

    private async Task<Answers> AskAsync(Caller caller, BackendDefinition backend, CancellationToken cancellationToken)
    {
        var wait = options.CurrentValue.BackendTimeout;
        var outcome = await calls.CallAsync(caller, backend, TicketMethods.List, default, wait < backend.Options.Timeout ? wait : backend.Options.Timeout, cancellationToken);
        return outcome switch
        {
            _ when UnknownMethod.Means(outcome) => Answers.None,
            ContractOutcome.Returned returned => new Answers([.. BackendTicket.ReadList(returned.Json).Select(ticket => (backend.Id, ticket))], []),
            _ => new Answers([], [$"Tickets kept by '{backend.Id}' are missing: {ContractOutcomeText.ForOperators(outcome)}"]),
        };
    }

    /// <summary>What backends said.</summary>
    internal sealed record Answers(IReadOnlyList<(BackendId Backend, BackendTicket Ticket)> Tickets, IReadOnlyList<string> Notes)
    {
        public static Answers None { get; } = new([], []);
    }
}
