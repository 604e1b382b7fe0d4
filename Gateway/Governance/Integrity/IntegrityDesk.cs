using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Governance.Integrity.Baselines;
using Cortex.Governance.Integrity.Definitions;
using Cortex.Governance.Integrity.Quarantine;

namespace Cortex.Governance.Integrity;

/// <summary>Where persons review what is in quarantine. A decision is on record, as a whole, before it is answered; then every replica hears of it. Thread-safe.</summary>
internal sealed class IntegrityDesk(
    Database database, BaselineReader reader, BaselineStore baselines, GatewayBaselineKey key, IntegrityPolicies policies, IntegrityBus bus, TimeProvider time)
{
    private const int MaxAttempts = 10;

    /// <summary>A page of what is in quarantine.</summary>
    public async Task<IReadOnlyList<Review>> ListAsync(BackendId? backend, string? state, QuarantineId? after, int most, CancellationToken cancellationToken)
    {
        IReadOnlyList<QuarantineRow> rows;
        await using (var connection = await database.OpenAsync(cancellationToken))
            rows = await QuarantineStore.ListAsync(connection, backend, state, after, most, cancellationToken);
        var readings = new Dictionary<string, (IntegrityPolicy Policy, BaselineReading Reading)>(StringComparer.Ordinal);
        var reviews = new List<Review>();
        foreach (var row in rows)
        {
            if (!readings.TryGetValue(row.BackendId, out var known))
                readings[row.BackendId] = known = await ReadAsync(BackendId.Parse(row.BackendId), cancellationToken);
            reviews.Add(ReviewOf(row, known.Policy, known.Reading));
        }

        return reviews;
    }

    public async Task<Review?> FindAsync(QuarantineId id, CancellationToken cancellationToken)
    {
        QuarantineRow? row;
        await using (var connection = await database.OpenAsync(cancellationToken))
            row = await QuarantineStore.FindAsync(connection, id, null, cancellationToken);
        if (row is null)
            return null;
        var (policy, reading) = await ReadAsync(BackendId.Parse(row.BackendId), cancellationToken);
        return ReviewOf(row, policy, reading);
    }

    /// <summary>The baselines of all backends that have one.</summary>
    public async Task<IReadOnlyList<BaselineView>> BaselinesAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<BackendId> backends;
        await using (var connection = await database.OpenAsync(cancellationToken))
            backends = await BaselineStore.ListBackendsAsync(connection, cancellationToken);
        var views = new List<BaselineView>();
        foreach (var backend in backends)
        {
            var (policy, reading) = await ReadAsync(backend, cancellationToken);
            views.Add(reading switch
            {
                BaselineReading.Trusted { State: var state } => new BaselineView(backend, policy, state.Gateway, state.Operator, state.Approved.Count, null),
                BaselineReading.Untrusted untrusted => new BaselineView(backend, policy, null, null, 0, untrusted.Problem),
                _ => throw new InvalidOperationException("A reading ended in no known way."),
            });
        }

        return views;
    }

    /// <summary>Makes a definition the approved one.</summary>
    public async Task<ReviewResult> ApproveAsync(QuarantineId id, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            if (await FindAsync(id, cancellationToken) is not { Row: var row })
                return ReviewResult.NotFound.Instance;
            if (row.Open() is not { } definition)
                return new ReviewResult.Refused("It has no canonical form, so nothing could be held against it; its backend must mend it.");
            var (policy, reading) = await ReadAsync(BackendId.Parse(row.BackendId), cancellationToken);
            if (policy.IsSignedByOperators)
                return new ReviewResult.Refused("This gateway takes approvals by an operator's key alone: run 'cortex integrity export --with-pending', review and sign the file, and import it.");
            if (reading is not BaselineReading.Trusted { State: var state })
                return new ReviewResult.Refused($"Nothing can be added to a baseline that can't be trusted: {((BaselineReading.Untrusted)reading).Problem}. Reset it first.");
            if (await TryApproveAsync(id, definition, state, cancellationToken))
            {
                await reader.ReadAsync(state.Backend, policy, cancellationToken);
                await bus.TellDecidedAsync(state.Backend);
                return new ReviewResult.Done(row, state.Approved.GetValueOrDefault(definition.Key));
            }
        }

        return new ReviewResult.Refused("Others changed the baseline at the same time; try again.");
    }

    /// <summary>Refuses a definition: it is withheld, whatever the mode, for as long as it stays as it is.</summary>
    public async Task<ReviewResult> RejectAsync(QuarantineId id, PersonId by, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is not { } review)
            return ReviewResult.NotFound.Instance;
        await using (var connection = await database.OpenAsync(cancellationToken))
        {
            if (!await QuarantineStore.RejectAsync(connection, id, by, time.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken))
                return ReviewResult.NotFound.Instance;
        }

        await bus.TellDecidedAsync(BackendId.Parse(review.Row.BackendId));
        return new ReviewResult.Done(review.Row, review.Approved);
    }

    /// <summary>
    /// Puts an empty baseline in the place of one that the gateway signed, or should have: all is new then, and <c>newTools</c> says what becomes of it.
    /// False when there is none.
    /// </summary>
    public async Task<bool> ResetAsync(BackendId backend, CancellationToken cancellationToken)
    {
        var signing = await key.GetAsync(cancellationToken);
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            await using var connection = await database.OpenAsync(cancellationToken);
            var present = (await BaselineStore.ReadAsync(connection, backend, null, cancellationToken)).GetValueOrDefault(BaselineSigner.Gateway);
            if (present is null && reader.LastRevision(backend, BaselineSigner.Gateway) == 0)
                return false;
            var revision = Math.Clamp(present?.Revision ?? 0, reader.LastRevision(backend, BaselineSigner.Gateway), BaselineDocument.MaxRevision - 1);
            var empty = SignedBaseline.Sign(new BaselineDocument(backend, revision + 1, []), BaselineSigner.Gateway, signing);
            if (!await baselines.TryReplaceAsync(connection, empty, present?.Revision ?? 0, null, cancellationToken))
                continue;
            await bus.TellDecidedAsync(backend);
            return true;
        }

        throw new InvalidOperationException($"The baseline of '{backend}' changed {MaxAttempts} times while it was to be reset.");
    }

    private async Task<(IntegrityPolicy, BaselineReading)> ReadAsync(BackendId backend, CancellationToken cancellationToken)
    {
        var policy = policies.For(backend);
        return (policy, await reader.ReadAsync(backend, policy, cancellationToken));
    }

    private async Task<bool> TryApproveAsync(QuarantineId id, Definition definition, BaselineState state, CancellationToken cancellationToken)
    {
        var revision = state.Gateway?.Revision ?? 0;
        var kept = (state.Gateway?.Entries ?? []).Where(entry => entry.Key != definition.Key);
        var signed = SignedBaseline.Sign(
            new BaselineDocument(state.Backend, revision + 1, [.. kept, definition]), BaselineSigner.Gateway, await key.GetAsync(cancellationToken));
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await QuarantineStore.RemoveAsync(connection, id, transaction, cancellationToken)
            || !await baselines.TryReplaceAsync(connection, signed, revision, transaction, cancellationToken))
            return false;
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static Review ReviewOf(QuarantineRow row, IntegrityPolicy policy, BaselineReading reading)
    {
        var definition = row.Open();
        var state = (reading as BaselineReading.Trusted)?.State;
        var approved = definition is null ? null : state?.Approved.GetValueOrDefault(definition.Key);
        var isWithheld = policy.Mode == IntegrityMode.Block || (policy.Mode == IntegrityMode.Warn && row.State == QuarantineRow.Rejected);
        return new Review(row, approved, isWithheld, JsonDifference.Between(approved?.Json ?? "", definition?.Json ?? ""));
    }
}
