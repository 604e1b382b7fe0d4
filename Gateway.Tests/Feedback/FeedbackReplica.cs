using Cortex.Feedback;
using Cortex.Feedback.Triage;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;

namespace Cortex.Tests.Feedback;

/// <summary>The parts of one replica that store reports and needs.</summary>
internal sealed class FeedbackReplica : IDisposable
{
    private readonly FeedbackTransaction _transactions;

    public FeedbackReplica(Database database, TimeProvider time, TicketsOptions? options = null)
    {
        _transactions = new FeedbackTransaction(database);
        Intake = new TicketIntake(_transactions, new FixedOptions<TicketsOptions>(options ?? new TicketsOptions()), time);
        Tickets = new TicketStore(database);
        Needs = new NeedStore(database);
        Triage = new TriageDesk(Needs, _transactions, time);
        Regrouping = new NeedRegrouping(_transactions, time);
    }

    public TicketIntake Intake { get; }

    public TicketStore Tickets { get; }

    public NeedStore Needs { get; }

    public TriageDesk Triage { get; }

    public NeedRegrouping Regrouping { get; }

    public static Reporter Person(string name) => new($"person:{name}", name, "client");

    public Task<TakenTicket> ReportAsync(string person, string wanted, string? app = null, Severity severity = Severity.Inconvenient) =>
        Intake.TakeAsync(Person(person), new MissingCapability(wanted, severity, ContextApp: app), null, false, CancellationToken.None);

    /// <summary>The need of a ticket.</summary>
    public async Task<NeedId> NeedOfAsync(string person, TicketId ticket)
    {
        var row = await Tickets.FindAsync($"person:{person}", ticket.Value, CancellationToken.None);
        return NeedId.TryParse(row!.NeedId, out var id) ? id : throw new InvalidOperationException("No need id.");
    }

    public async Task<IReadOnlyList<NeedView>> NeedsAsync() => (await Triage.ListAsync(new NeedQuery(), null, TriageDesk.MaxPage, CancellationToken.None)).Items;

    public void Dispose() => _transactions.Dispose();
}
