using System.Collections.Concurrent;
using Cortex.Foundation.Model;
using Cortex.Foundation.Observability;
using Cortex.Governance.Integrity.Baselines;
using Cortex.Governance.Integrity.Definitions;

namespace Cortex.Governance.Integrity;

/// <summary>
/// Decides what of a list may be served: (1) read and verify what is on record, (2) hold the list against it, (3) put on record what came of it, before
/// it is served. Of two replicas that do so at once one is first, and the other starts over. What can't be verified, or put on record, does not count as
/// approved. Thread-safe.
/// </summary>
internal sealed partial class IntegrityGuard(
    BaselineReader reader, IntegrityRecorder recorder, IntegrityPolicies policies, IntegrityMetrics metrics, Readiness readiness, ILogger<IntegrityGuard> logger)
{
    private const int MaxAttempts = 10;

    private readonly ConcurrentDictionary<BackendId, string> _untrusted = new();

    /// <summary>Judges all that one list of a backend offers.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="offered">What it offers.</param>
    /// <param name="isPersonal">True for a person's own list: what it lacks may still be offered to others.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>For each definition, in order, why it is withheld; null for what may be served.</returns>
    public async Task<IReadOnlyList<Withholding?>> HoldAsync(BackendId backend, IReadOnlyList<Definition> offered, bool isPersonal, CancellationToken cancellationToken)
    {
        var policy = policies.For(backend);
        if (policy.Mode == IntegrityMode.Off)
        {
            Trust(backend);
            metrics.Note(backend, 0, isUntrusted: false);
            return new Withholding?[offered.Count];
        }

        for (var attempt = 1; ; attempt++)
        {
            switch (await reader.ReadAsync(backend, policy, cancellationToken))
            {
                case BaselineReading.Untrusted untrusted:
                    Distrust(backend, policy, untrusted.Problem);
                    metrics.Note(backend, offered.Count, isUntrusted: true);
                    return [.. offered.Select(_ => policy.Mode == IntegrityMode.Block ? new Withholding(null, null) : null)];
                case BaselineReading.Trusted { State: var state }:
                    Trust(backend);
                    var verdicts = await recorder.RecordAsync(state, Judge.Decide(state, offered, policy.NewTools), policy, isPersonal, mayStartOver: attempt < MaxAttempts, cancellationToken);
                    if (verdicts is null)
                        continue;
                    if (!isPersonal)
                        metrics.Note(backend, verdicts.Count(verdict => verdict.Standing is not (Standing.Approved or Standing.Adopted)), isUntrusted: false);
                    return [.. verdicts.Select(policy.Withhold)];
            }
        }
    }

    /// <summary>Name of a backend's part at <c>/readyz</c>, while its baseline can't be trusted.</summary>
    public static string PartOf(BackendId backend) => $"integrity:{backend}";

    private void Trust(BackendId backend)
    {
        if (!_untrusted.TryRemove(backend, out _))
            return;
        readiness.Forget(PartOf(backend));
        Log.Trusted(logger, backend.Value);
    }

    private void Distrust(BackendId backend, IntegrityPolicy policy, string problem)
    {
        var consequence = policy.Mode == IntegrityMode.Block ? "nothing of it is served" : "it is served unchecked";
        readiness.Degrade(PartOf(backend), $"the baseline can't be trusted, so {consequence}");
        if (_untrusted.TryGetValue(backend, out var known) && known == problem)
            return;
        _untrusted[backend] = problem;
        Log.Untrusted(logger, backend.Value, problem, consequence);
    }

    private static partial class Log
    {
        [LoggerMessage(2300, LogLevel.Error, "Backend '{Backend}': {Problem}; {Consequence}. Restore or import the baseline, or reset it at /api/admin/integrity/baselines", EventName = "integrity.untrusted")]
        public static partial void Untrusted(ILogger logger, string backend, string problem, string consequence);

        [LoggerMessage(2301, LogLevel.Information, "Backend '{Backend}': the baseline can be trusted again", EventName = "integrity.trusted")]
        public static partial void Trusted(ILogger logger, string backend);
    }
}
