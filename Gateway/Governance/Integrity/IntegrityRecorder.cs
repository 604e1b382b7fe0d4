using System.Data.Common;
using Cortex.Foundation.Model;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Cortex.Governance.Audit;
using Cortex.Governance.Integrity.Baselines;
using Cortex.Governance.Integrity.Quarantine;

namespace Cortex.Governance.Integrity;

/// <summary>
/// Puts on record what came of judging a list: (1) what is trusted on first use becomes part of the baseline that the gateway signs, (2) what waits for a
/// person goes into quarantine, (3) what waited and is no longer offered leaves it. Writes nothing when nothing changed.
/// </summary>
internal sealed partial class IntegrityRecorder(
    Database database, BaselineStore baselines, GatewayBaselineKey key, IntegrityBus bus, TimeProvider time, ILogger<IntegrityRecorder> logger)
{
    /// <summary>Most of a backend in quarantine before what only persons' own lists show is no longer put there.</summary>
    private const int MaxPersonal = 10_000;

    private static readonly TimeSpan PersonalMemory = TimeSpan.FromDays(30);

    /// <summary>
    /// The verdicts as they count now; null when the baseline was changed, by this replica or a faster one, and all must be read and judged anew: so what
    /// counts as approved has always been read back.
    /// </summary>
    public async Task<IReadOnlyList<Verdict>?> RecordAsync(
        BaselineState state, IReadOnlyList<Verdict> verdicts, IntegrityPolicy policy, bool isPersonal, bool mayStartOver, CancellationToken cancellationToken)
    {
        try
        {
            if (verdicts.Any(verdict => verdict.Standing == Standing.Adopted))
            {
                if (mayStartOver)
                {
                    await AdoptAsync(state, verdicts, cancellationToken);
                    return null;
                }

                verdicts = WithoutAdoptions(verdicts);
            }
        }
        catch (Exception exception) when (exception is DbException or SealingException)
        {
            Log.NotRecorded(logger, exception, state.Backend.Value);
            return WithoutAdoptions(verdicts);
        }

        try
        {
            await QuarantineAsync(state, verdicts, policy, isPersonal, cancellationToken);
        }
        catch (DbException exception)
        {
            Log.NotRecorded(logger, exception, state.Backend.Value);
        }

        return verdicts;
    }

    /// <summary>Adds to the baseline what is trusted on first use, unless another replica was faster.</summary>
    private async Task AdoptAsync(BaselineState state, IReadOnlyList<Verdict> verdicts, CancellationToken cancellationToken)
    {
        var adopted = verdicts.Where(verdict => verdict.Standing == Standing.Adopted).Select(verdict => verdict.Definition).ToDictionary(definition => definition.Key);
        var kept = (state.Gateway?.Entries ?? []).Where(entry => !adopted.ContainsKey(entry.Key));
        var revision = state.Gateway?.Revision ?? 0;
        var document = new BaselineDocument(state.Backend, revision + 1, [.. kept, .. adopted.Values]);
        var signed = SignedBaseline.Sign(document, BaselineSigner.Gateway, await key.GetAsync(cancellationToken));
        await using var connection = await database.OpenAsync(cancellationToken);
        if (!await baselines.TryReplaceAsync(connection, signed, revision, null, cancellationToken))
            return;
        Log.Adopted(logger, state.Backend.Value, adopted.Count, document.Revision);
        await bus.TellAdoptedAsync(state.Backend);
    }

    private static Verdict[] WithoutAdoptions(IReadOnlyList<Verdict> verdicts) =>
        [.. verdicts.Select(verdict => verdict.Standing == Standing.Adopted ? verdict with { Standing = Standing.New } : verdict)];

    private async Task QuarantineAsync(BaselineState state, IReadOnlyList<Verdict> verdicts, IntegrityPolicy policy, bool isPersonal, CancellationToken cancellationToken)
    {
        var pending = verdicts.Where(verdict => verdict.IsPending).DistinctBy(verdict => verdict.IdAt(state.Backend)).ToDictionary(verdict => verdict.IdAt(state.Backend));
        Verdict[] added = isPersonal && state.Quarantine.Count >= MaxPersonal
            ? []
            : [.. pending.Where(entry => !state.Quarantine.ContainsKey(entry.Key)).OrderBy(entry => entry.Key.Value, StringComparer.Ordinal).Select(entry => entry.Value)];
        QuarantineId[] gone = isPersonal
            ? []
            : [.. state.Quarantine.Where(row => row.Value is { State: QuarantineRow.Pending, Origin: "shared" } && !pending.ContainsKey(row.Key)).Select(row => row.Key)];
        if (added.Length == 0 && gone.Length == 0)
            return;

        var now = time.GetUtcNow();
        var noticed = new List<Verdict>();
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var verdict in added)
        {
            if (await QuarantineStore.TryAddAsync(connection, state.Backend, verdict, isPersonal, now.ToUnixTimeMilliseconds(), transaction, cancellationToken))
                noticed.Add(verdict);
        }

        foreach (var id in gone)
            await QuarantineStore.RemoveAsync(connection, id, transaction, cancellationToken);
        await QuarantineStore.RemoveOldAsync(connection, state.Backend, (now - PersonalMemory).ToUnixTimeMilliseconds(), transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await TellAsync(state.Backend, noticed, policy);
    }

    private async ValueTask TellAsync(BackendId backend, List<Verdict> noticed, IntegrityPolicy policy)
    {
        foreach (var verdict in noticed)
        {
            var what = AuditText.Clean(verdict.Definition.Key.ToString(), AuditText.MaxName);
            var codes = string.Join(", ", verdict.Findings.Select(finding => finding.Code).Distinct().DefaultIfEmpty("no further findings"));
            var how = verdict.Standing == Standing.New ? "is new" : "has changed since it was approved";
            var consequence = policy.Withhold(verdict) is null ? "served" : "withheld";
            var id = verdict.IdAt(backend).Value;
            Log.Quarantined(logger, backend.Value, what, how, codes, consequence, id);
            IntegrityMetrics.CountDetection(backend, verdict.Standing == Standing.New);
        }

        if (noticed.Count > 0)
            await bus.TellOfferedAsync(backend);
    }

    private static partial class Log
    {
        [LoggerMessage(2310, LogLevel.Information, "Backend '{Backend}': trusted {Count} definitions on first use; its baseline is at revision {Revision}", EventName = "integrity.adopted")]
        public static partial void Adopted(ILogger logger, string backend, int count, long revision);

        [LoggerMessage(2311, LogLevel.Warning, "Backend '{Backend}': {What} {How} ({Findings}) and is {Consequence}; review {Id} at /api/admin/integrity", EventName = "integrity.quarantined")]
        public static partial void Quarantined(ILogger logger, string backend, string? what, string how, string findings, string consequence, string id);

        [LoggerMessage(2312, LogLevel.Error, "Backend '{Backend}': what was found of its definitions could not be put on record; what was new does not count as approved", EventName = "integrity.not_recorded")]
        public static partial void NotRecorded(ILogger logger, Exception exception, string backend);
    }
}
