using System.Data.Common;
using Cortex.Feedback.Handover;
using Cortex.Feedback.Webhook;
using Cortex.Feedback.Wishes;
using Cortex.Foundation.Model;
using Microsoft.Extensions.Options;

namespace Cortex.Feedback;

/// <summary>
/// Stores a report in one transaction: (1) the need that it is about, found or made; (2) the caller's ticket about it, refreshed within the window or
/// added; (3) what is to be sent, to the webhook and to the backend that owns the ticket.
/// </summary>
internal sealed class TicketIntake(FeedbackTransaction transactions, IOptionsMonitor<TicketsOptions> options, TimeProvider time)
{
    /// <param name="backend">The backend it is about, or null.</param>
    /// <param name="passOn">Whether that backend owns its tickets.</param>
    public Task<TakenTicket> TakeAsync(Reporter reporter, MissingCapability report, BackendId? backend, bool passOn, CancellationToken cancellationToken)
    {
        var wish = Wish.Of(report.WhatIWanted, backend?.Value ?? report.ContextApp, report.ContextTool);
        return transactions.RunAsync(
            async transaction =>
            {
                var now = time.GetUtcNow();
                var need = await NeedFinder.FindAsync(transaction, wish, options.CurrentValue.Similarity, now.ToUnixTimeMilliseconds(), cancellationToken);
                var isNewNeed = need is null;
                need ??= await MakeNeedAsync(transaction, wish, backend, now, cancellationToken);
                var since = (now - options.CurrentValue.DedupeWindow).ToUnixTimeMilliseconds();
                var known = isNewNeed ? null : await TicketStore.FindRecentAsync(transaction, reporter.Owner, need, since, cancellationToken);
                return known is null
                    ? await AddAsync(transaction, reporter, report, wish, need, isNewNeed, backend, passOn, now, cancellationToken)
                    : await RefreshAsync(transaction, known, report, now, cancellationToken);
            },
            cancellationToken);
    }

    private async Task<TakenTicket> AddAsync(
        DbTransaction transaction, Reporter reporter, MissingCapability report, Wish wish, string need, bool isNewNeed, BackendId? backend, bool passOn,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var id = TicketId.New();
        var moment = now.ToUnixTimeMilliseconds();
        await TicketStore.InsertAsync(transaction, id, reporter, need, wish.Digest, report, backend?.Value, moment, cancellationToken);
        if (passOn)
            await HandoverStore.AddAsync(transaction, id, reporter.Owner, backend!.Value.Value, moment, cancellationToken);
        var ticket = (await TicketStore.FindRecentAsync(transaction, reporter.Owner, need, moment, cancellationToken))!;
        var hasWebhook = report.Severity == Severity.Blocking && await TellAsync(transaction, ticket, isNewNeed, now, cancellationToken);
        return TakenTicket.Of(id, ticket, deduplicated: false, hasWebhook);
    }

    private async Task<TakenTicket> RefreshAsync(DbTransaction transaction, TicketRow known, MissingCapability report, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = SeverityWords.TryParse(known.Severity, out var word) ? word.Value : Severity.NiceToHave;
        var severity = before > report.Severity ? before : report.Severity;
        await TicketStore.RefreshAsync(transaction, known.Id, report, severity, now.ToUnixTimeMilliseconds(), cancellationToken);
        var isNewlyBlocking = severity == Severity.Blocking && before != Severity.Blocking;
        var hasWebhook = isNewlyBlocking && await TellAsync(transaction, known with { Severity = severity.Word() }, isNewNeed: false, now, cancellationToken);
        return TakenTicket.Of(TicketId.Parse(known.Id), known, deduplicated: true, hasWebhook);
    }

    private async Task<bool> TellAsync(DbTransaction transaction, TicketRow ticket, bool isNewNeed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (options.CurrentValue.Webhook is not { Url: not null } webhook)
            return false;
        await WebhookOutbox.AddAsync(transaction, ticket.Id, BlockingTicketEvent.Write(ticket, isNewNeed, now), now, webhook.GiveUpAfter, cancellationToken);
        return true;
    }

    private async Task<string> MakeNeedAsync(DbTransaction transaction, Wish wish, BackendId? backend, DateTimeOffset now, CancellationToken cancellationToken)
    {
        const string sql = """
            INSERT INTO needs (id, title, context_app, context_tool, state, backend_id, created_at, updated_at)
            VALUES (@Id, @Title, @App, @Tool, @State, @Backend, @Now, @Now)
            """;
        var id = NeedId.New(time).Value;
        var moment = now.ToUnixTimeMilliseconds();
        await transaction.RunAsync(sql, new { Id = id, wish.Title, wish.App, wish.Tool, State = TicketState.Open.Word(), Backend = backend?.Value, Now = moment }, cancellationToken);
        await NeedFinder.AddAsync(transaction, wish, id, setApart: false, moment, cancellationToken);
        return id;
    }
}

/// <summary>What was stored.</summary>
/// <param name="State">State of the need.</param>
/// <param name="Resolution">What operators tell about it.</param>
/// <param name="HasWebhook">Whether an event waits to be sent.</param>
internal sealed record TakenTicket(TicketId Id, bool Deduplicated, TicketState State, string? Resolution, bool HasWebhook)
{
    public static TakenTicket Of(TicketId id, TicketRow row, bool deduplicated, bool hasWebhook) =>
        new(id, deduplicated, TicketStateWords.TryParse(row.State, out var state) ? state.Value : TicketState.Open, row.Resolution, hasWebhook);
}
