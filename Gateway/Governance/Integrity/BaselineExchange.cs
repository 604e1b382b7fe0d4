using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Governance.Integrity.Baselines;
using Cortex.Governance.Integrity.Definitions;
using Cortex.Governance.Integrity.Quarantine;

namespace Cortex.Governance.Integrity;

/// <summary>Gives baselines out to be signed elsewhere, and takes back what an operator's key signed.</summary>
internal sealed class BaselineExchange(Database database, BaselineReader reader, BaselineStore baselines, IntegrityPolicies policies, IntegrityBus bus)
{
    /// <summary>What is approved now, as the next revision that an operator signs.</summary>
    /// <param name="only">The backends it is about; none for all that anything is on record of.</param>
    /// <param name="withPending">True to propose what waits for approval too, in the place of what it changes.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<ExchangeResult> ExportAsync(IReadOnlyList<BackendId> only, bool withPending, CancellationToken cancellationToken)
    {
        var known = await BackendsAsync(cancellationToken);
        if (only.Where(backend => !known.Contains(backend)).Select(backend => backend.Value).FirstOrDefault() is { } missing)
            return new ExchangeResult.Refused($"Nothing is on record of a backend '{missing}': the gateway has not read its catalog yet, or the name is another one. On record: {string.Join(", ", known)}.");
        var documents = new List<BaselineFile.Entry>();
        foreach (var backend in only.Count > 0 ? only : known)
        {
            var reading = await reader.ReadAsync(backend, policies.For(backend), cancellationToken);
            if (reading is not BaselineReading.Trusted { State: var state })
                return new ExchangeResult.Refused($"Backend '{backend}': {((BaselineReading.Untrusted)reading).Problem}.");
            var entries = state.Approved.Values.ToDictionary(definition => definition.Key);
            foreach (var pending in withPending ? await PendingAsync(backend, cancellationToken) : [])
                entries[pending.Key] = pending;
            documents.Add(new BaselineFile.Entry(new BaselineDocument(backend, (state.Operator?.Revision ?? 0) + 1, entries.Values), null));
        }

        return new ExchangeResult.Done(new BaselineFile(documents));
    }

    /// <summary>Stores what the configured operator's key signed; all of it, or nothing.</summary>
    public async Task<ExchangeResult> ImportAsync(BaselineFile file, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var (document, signature) in file.Baselines)
        {
            var keys = policies.For(document.Backend).OperatorKeys;
            if (keys.Count == 0)
                return new ExchangeResult.Refused("integrity.operatorKey is not configured, so that no signature counts.");
            if (new BaselineFile([new(document, signature)]).FindFaults(keys) is [var fault, ..])
                return new ExchangeResult.Refused(fault);
            var present = (await BaselineStore.ReadAsync(connection, document.Backend, transaction, cancellationToken)).GetValueOrDefault(BaselineSigner.Operator);
            if (present?.Open(keys, out _) is { } valid && valid.Revision >= document.Revision && valid.Json != document.Json)
                return new ExchangeResult.Refused($"The baseline of '{document.Backend}' is at revision {valid.Revision} and the file has {document.Revision}: export it anew, so that nothing signed meanwhile is lost.");
            var signed = new SignedBaseline(document.Backend, BaselineSigner.Operator, document.Revision, document.Json, signature!);
            if (!await baselines.TryReplaceAsync(connection, signed, present?.Revision ?? 0, transaction, cancellationToken))
                return new ExchangeResult.Refused($"The baseline of '{document.Backend}' was changed at the same time; try again.");
        }

        await transaction.CommitAsync(cancellationToken);
        foreach (var entry in file.Baselines)
            await bus.TellDecidedAsync(entry.Document.Backend);
        return new ExchangeResult.Done(file);
    }

    private async Task<IReadOnlyList<BackendId>> BackendsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var waiting = await QuarantineStore.ListBackendsAsync(connection, cancellationToken);
        return [.. waiting.Union(await BaselineStore.ListBackendsAsync(connection, cancellationToken)).OrderBy(backend => backend.Value, StringComparer.Ordinal)];
    }

    private async Task<IReadOnlyList<Definition>> PendingAsync(BackendId backend, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await QuarantineStore.ListAsync(connection, backend, QuarantineRow.Pending, null, int.MaxValue, cancellationToken);
        return [.. rows.OrderBy(row => row.SeenAt).Select(row => row.Open()).OfType<Definition>()];
    }
}

/// <summary>What came of giving baselines out or taking them in.</summary>
internal abstract record ExchangeResult
{
    private ExchangeResult()
    {
    }

    internal sealed record Done(BaselineFile File) : ExchangeResult;

    /// <summary>Nothing was changed; the problem says why.</summary>
    internal sealed record Refused(string Problem) : ExchangeResult;
}
