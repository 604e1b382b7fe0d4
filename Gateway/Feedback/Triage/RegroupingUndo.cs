using System.Data.Common;

namespace Cortex.Feedback.Triage;

/// <summary>
/// Takes back what <see cref="NeedRegrouping"/> did with a need. A merged one gets back the wordings it had, with every ticket of them that came since, and is
/// what it was; one that was split off goes back to where it came from, which is a merge and can be taken back in turn. Safe beside other replicas.
/// </summary>
internal sealed class RegroupingUndo(NeedRegrouping regrouping, NeedStore needs, FeedbackTransaction transactions, TimeProvider time)
{
    public async Task<TriageResult> UndoAsync(string author, NeedId id, CancellationToken cancellationToken)
    {
        if (await needs.FindAsync(id, cancellationToken) is not { } detail)
            return new TriageResult.NotFound(id);
        if (detail.Need.MergedInto is not null)
            return await UnmergeAsync(author, id, cancellationToken);
        var origin = detail.History.LastOrDefault(entry => entry.Change == NeedChange.SplitOff);
        return NeedId.TryParse(NeedFacts.Read(origin?.AfterJson)?.Need, out var from)
            ? await regrouping.MergeAsync(author, id, from, cancellationToken)
            : new TriageResult.Invalid("The need was neither merged into another nor split off one: there is nothing to undo.");
    }

    private Task<TriageResult> UnmergeAsync(string author, NeedId id, CancellationToken cancellationToken) => transactions.RunAsync<TriageResult>(
        async transaction =>
        {
            if (await NeedStore.FindAsync(transaction, id, cancellationToken) is not { MergedInto: { } holder } merged || !NeedId.TryParse(holder, out var into))
                return new TriageResult.Invalid("The need is not merged any more: look at it again.");
            if (await NeedStore.FindAsync(transaction, into, cancellationToken) is { MergedInto: { } next })
                return new TriageResult.Invalid($"Need '{holder}' was itself merged into '{next}': undo that merge first.");
            if (await FindMergeAsync(transaction, id, cancellationToken) is not { AfterJson: { } afterJson } merge || NeedFacts.Read(afterJson)?.Wishes is not { } wishes)
                return new TriageResult.Invalid("The history does not tell which wordings the need had: split its tickets off instead.");
            var before = NeedFacts.Read(merge.BeforeJson) ?? new NeedFacts(TicketState.Open.Word());
            var tickets = await MoveAsync(transaction, into, id, wishes, cancellationToken);
            const string restore = "UPDATE needs SET state = @State, merged_into = NULL, updated_at = @Now WHERE id = @Id";
            await transaction.RunAsync(restore, new { before.State, Id = id.Value, Now = time.GetUtcNow().ToUnixTimeMilliseconds() }, cancellationToken);
            var need = (await NeedStore.FindAsync(transaction, id, cancellationToken))!;
            var (was, now) = (NeedFacts.Of(merged) with { Need = holder }, NeedFacts.Of(need) with { Tickets = tickets });
            await NeedHistory.AddAsync(transaction, time, author, id, NeedChange.Unmerged, was, now, cancellationToken);
            await NeedHistory.AddAsync(transaction, time, author, into, NeedChange.Unmerged, new NeedFacts(Need: id.Value, Tickets: tickets), null, cancellationToken);
            return new TriageResult.Done(need, was, now);
        },
        cancellationToken);

    private static async Task<NeedHistoryEntry?> FindMergeAsync(DbTransaction transaction, NeedId id, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT before_json AS beforeJson, after_json AS afterJson FROM need_history
            WHERE need_id = @Id AND change = @Merged AND before_json IS NOT NULL
            ORDER BY id DESC
            LIMIT 1
            """;
        return await transaction.FindAsync<NeedHistoryEntry>(sql, new { Id = id.Value, NeedChange.Merged }, cancellationToken);
    }

    /// <summary>Moves those of the wordings that are still there, with their tickets, whose ids it gives back.</summary>
    private static async Task<IReadOnlyList<string>> MoveAsync(DbTransaction transaction, NeedId from, NeedId into, IReadOnlyList<string> wishes, CancellationToken cancellationToken)
    {
        var parameters = new { From = from.Value, Into = into.Value, digests = wishes.ToArray() };
        var isOne = transaction.AnyOf("digests");
        var tickets = await transaction.ReadAsync<string>($"SELECT id FROM tickets WHERE need_id = @From AND wish_digest {isOne} ORDER BY created_at, id", parameters, cancellationToken);
        await transaction.RunAsync($"UPDATE tickets SET need_id = @Into WHERE need_id = @From AND wish_digest {isOne}", parameters, cancellationToken);
        await transaction.RunAsync($"UPDATE wishes SET need_id = @Into WHERE need_id = @From AND digest {isOne}", parameters, cancellationToken);
        return tickets;
    }
}
