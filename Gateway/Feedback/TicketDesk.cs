using Cortex.Catalog;
using Cortex.Feedback.Handover;
using Cortex.Feedback.Webhook;
using Cortex.Foundation.Model;
using Cortex.Governance.Limits;
using Microsoft.Extensions.Options;

namespace Cortex.Feedback;

/// <summary>
/// Where callers report what is missing and see what became of it. A report is durable when <see cref="ReportAsync"/> returns; webhook and backends are
/// served behind its back. Thread-safe, and safe beside other replicas.
/// </summary>
internal sealed class TicketDesk(
    TicketIntake intake,
    TicketStore tickets,
    TicketSources sources,
    HandoverStore handovers,
    HandoverWorker handoverWorker,
    WebhookWorker webhookWorker,
    CatalogStore catalog,
    RateLimiter limiter,
    IOptionsMonitor<TicketsOptions> options)
{
    /// <summary>Most tickets of a page.</summary>
    public const int MaxPage = 200;

    /// <summary>Takes a report of this caller.</summary>
    public async Task<ReportResult> ReportAsync(Caller caller, MissingCapability report, CancellationToken cancellationToken)
    {
        if (MissingCapabilityCheck.FaultsOf(report) is { Count: > 0 } faults)
            return new ReportResult.Invalid(faults);
        var reporter = Reporter.Of(caller);
        var rule = LimitRule.Per("tickets.caller", options.CurrentValue.ReportsPerHour, TimeSpan.FromHours(1));
        if (await limiter.TakeAsync(rule, reporter.Owner, cancellationToken) is LimitDecision.Refused refused)
            return new ReportResult.Limited(refused.RetryAfter);

        var context = TicketContext.Of(catalog.Current, caller, report);
        var takes = context.Backend is { } backend && TicketMethods.Takes(catalog.Current, caller, backend);
        var taken = await intake.TakeAsync(reporter, report, context.Backend?.Id, takes, cancellationToken);
        if (taken.HasWebhook)
            webhookWorker.Wake();
        if (takes)
            handoverWorker.Visit(caller);
        return new ReportResult.Reported(new ReportReceipt(taken.Id, taken.Deduplicated, context.Backend?.Id, Acknowledge(taken, context, takes)));
    }

    /// <summary>The caller's own tickets: those of the gateway and of every backend that keeps its own.</summary>
    /// <param name="before">Where the last page ended; null for the first.</param>
    /// <param name="most">Most tickets of the gateway on this page, 1 to <see cref="MaxPage"/>.</param>
    public async Task<TicketList> ListAsync(Caller caller, TicketCursor? before, int most, CancellationToken cancellationToken)
    {
        var owner = Reporter.Of(caller).Owner;
        var size = Math.Clamp(most, 1, MaxPage);
        var asked = before is null ? sources.AskAsync(caller, cancellationToken) : Task.FromResult(TicketSources.Answers.None);
        var rows = await tickets.ListAsync(owner, before, size + 1, cancellationToken);
        if (await handovers.AnyAsync(owner, cancellationToken))
            handoverWorker.Visit(caller);
        var page = rows.Take(size).ToArray();
        var answers = await asked;
        var linked = answers.Tickets.Count > 0 ? await tickets.LinkedAsync(owner, cancellationToken) : [];
        var (views, notes) = TicketSources.Merge(page, answers, linked);
        return new TicketList(views, notes, rows.Count > size ? new TicketCursor(page[^1].CreatedAt, page[^1].Id) : null);
    }

    /// <summary>One ticket of this caller; null when there is none with this id, whoever else may have it.</summary>
    public async Task<TicketView?> FindAsync(Caller caller, TicketId id, CancellationToken cancellationToken) =>
        await tickets.FindAsync(Reporter.Of(caller).Owner, id.Value, cancellationToken) is { } row ? TicketView.Of(row) : null;

    private static string Acknowledge(TakenTicket taken, TicketContext context, bool takes)
    {
        var what = taken.Deduplicated ? "You reported this before; the ticket was refreshed." : "Thank you, this is noted.";
        var where = takes ? $" It is passed to the team of '{context.Backend!.Id}'." : "";
        var state = taken.State switch
        {
            TicketState.Resolved => $" It is marked as resolved{Tell(taken.Resolution)}.",
            TicketState.WontFix => $" It will not be built{Tell(taken.Resolution)}.",
            TicketState.Planned => $" It is planned{Tell(taken.Resolution)}.",
            _ => " Go on without it; list_cortex_tickets shows what becomes of it.",
        };
        return what + where + state;
    }

    private static string Tell(string? resolution) => resolution is null ? "" : $": {resolution.TrimEnd('.')}";
}
