using System.Data.Common;
using Cortex.Feedback.Wishes;

namespace Cortex.Feedback.Triage;

/// <summary>
/// Merges needs and takes them apart again. Wordings move with their tickets, so that later reports go where an operator put their like. Safe beside
/// other replicas.
/// </summary>
internal sealed class NeedRegrouping(FeedbackTransaction transactions, TimeProvider time)
{
    /// <summary>Gives every ticket and wording of <paramref name="from"/> to <paramref name="into"/>; the emptied need stays, as its duplicate.</summary>
    public Task<TriageResult> MergeAsync(string author, NeedId from, NeedId into, CancellationToken cancellationToken) => transactions.RunAsync<TriageResult>(
        async transaction =>
        {
            if (from == into)
                return new TriageResult.Invalid("A need can't be merged into itself: name two.");
            if (await NeedStore.FindAsync(transaction, from, cancellationToken) is not { } source)
                return new TriageResult.NotFound(from);
            if (await NeedStore.FindAsync(transaction, into, cancellationToken) is not { } target)
                return new TriageResult.NotFound(into);
            if ((source.MergedInto ?? target.MergedInto) is { } gone)
                return new TriageResult.Invalid($"One of them was merged already: use '{gone}'.");
            const string merged = "UPDATE needs SET state = @State, merged_into = @Into, updated_at = @Now WHERE id = @From";
            const string tickets = "UPDATE tickets SET need_id = @Into WHERE need_id = @From";
            const string wishes = "UPDATE wishes SET need_id = @Into WHERE need_id = @From";
            var parameters = new { From = from.Value, Into = into.Value, State = TicketState.Duplicate.Word(), Now = time.GetUtcNow().ToUnixTimeMilliseconds() };
            var moved = (await NeedStore.TicketsAsync(transaction, from, cancellationToken)).Select(ticket => ticket.Id).ToArray();
            var wordings = await transaction.ReadAsync<string>("SELECT digest FROM wishes WHERE need_id = @From", parameters, cancellationToken);
            foreach (var sql in new[] { merged, tickets, wishes })
                await transaction.RunAsync(sql, parameters, cancellationToken);
            var (before, after) = (NeedFacts.Of(source), new NeedFacts(TicketState.Duplicate.Word(), source.Resolution, source.BackendId, Need: into.Value, Tickets: moved, Wishes: wordings));
            await NeedHistory.AddAsync(transaction, time, author, from, NeedChange.Merged, before, after, cancellationToken);
            await NeedHistory.AddAsync(transaction, time, author, into, NeedChange.Merged, null, new NeedFacts(Need: from.Value, Tickets: moved), cancellationToken);
            return new TriageResult.Done((await NeedStore.FindAsync(transaction, into, cancellationToken))!, before, after);
        },
        cancellationToken);

    /// <summary>
    /// Makes a need of its own for these tickets, with all others of the same wording, and remembers it: reports in these words go to the new need from now
    /// on, and other wordings prefer the old one.
    /// </summary>
    /// <param name="tickets">Some, but not all wordings of the need.</param>
    public Task<TriageResult> SplitAsync(string author, NeedId from, IReadOnlyCollection<TicketId> tickets, CancellationToken cancellationToken) => transactions.RunAsync<TriageResult>(
        async transaction =>
        {
            if (await NeedStore.FindAsync(transaction, from, cancellationToken) is null)
                return new TriageResult.NotFound(from);
            var all = await NeedStore.TicketsAsync(transaction, from, cancellationToken);
            var named = all.Where(ticket => tickets.Any(id => id.Value == ticket.Id)).ToArray();
            if (tickets.Count == 0 || named.Length != tickets.Distinct().Count())
                return new TriageResult.Invalid($"Name tickets of need '{from}', at least one: {tickets.Count - named.Length} of those named are not.");
            var digests = named.Select(ticket => ticket.WishDigest).Distinct().ToArray();
            var moved = all.Where(ticket => digests.Contains(ticket.WishDigest)).ToArray();
            if (moved.Length == all.Count)
                return new TriageResult.Invalid("Every ticket of the need is worded like these: there is nothing to keep apart.");
            var id = await MakeAsync(transaction, moved, cancellationToken);
            var isOne = transaction.AnyOf("digests");
            var ticketsMove = $"UPDATE tickets SET need_id = @Into WHERE need_id = @From AND wish_digest {isOne}";
            var wishesMove = $"UPDATE wishes SET need_id = @Into, set_apart = @Apart WHERE need_id = @From AND digest {isOne}";
            var parameters = new { From = from.Value, Into = id.Value, digests, Apart = true };
            await transaction.RunAsync(ticketsMove, parameters, cancellationToken);
            await transaction.RunAsync(wishesMove, parameters, cancellationToken);
            string[] ids = [.. moved.Select(ticket => ticket.Id)];
            var (before, after) = (new NeedFacts(Need: from.Value, Tickets: ids), new NeedFacts(Need: id.Value, Tickets: ids));
            await NeedHistory.AddAsync(transaction, time, author, from, NeedChange.Split, before, after, cancellationToken);
            await NeedHistory.AddAsync(transaction, time, author, id, NeedChange.SplitOff, null, before, cancellationToken);
            return new TriageResult.Done((await NeedStore.FindAsync(transaction, id, cancellationToken))!, before, after);
        },
        cancellationToken);

    private async Task<NeedId> MakeAsync(DbTransaction transaction, NeedTicket[] tickets, CancellationToken cancellationToken)
    {
        const string sql = """
            INSERT INTO needs (id, title, context_app, context_tool, state, backend_id, created_at, updated_at)
            VALUES (@Id, @Title, @App, @Tool, @State, @BackendId, @Now, @Now)
            """;
        var id = NeedId.New(time);
        var wishes = tickets.Select(ticket => Wish.Of(ticket.Wanted, ticket.BackendId ?? ticket.ContextApp, ticket.ContextTool)).ToArray();
        await transaction.RunAsync(
            sql,
            new
            {
                Id = id.Value,
                wishes[0].Title,
                App = wishes.Select(wish => wish.App).FirstOrDefault(app => app is not null),
                Tool = wishes.Select(wish => wish.Tool).FirstOrDefault(tool => tool is not null),
                State = TicketState.Open.Word(),
                tickets[0].BackendId,
                Now = time.GetUtcNow().ToUnixTimeMilliseconds(),
            },
            cancellationToken);
        return id;
    }
}
