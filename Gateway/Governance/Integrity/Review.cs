using Cortex.Foundation.Model;
using Cortex.Governance.Integrity.Baselines;
using Cortex.Governance.Integrity.Definitions;
using Cortex.Governance.Integrity.Quarantine;

namespace Cortex.Governance.Integrity;

/// <summary>A definition in quarantine, as a person reviews it.</summary>
/// <param name="Row">What is on record.</param>
/// <param name="Approved">What is approved under its name; null when nothing ever was, or what was can't be trusted.</param>
/// <param name="IsWithheld">True when it is kept from callers now.</param>
/// <param name="Differences">What changed, place by place.</param>
internal sealed record Review(QuarantineRow Row, Definition? Approved, bool IsWithheld, IReadOnlyList<JsonDifference> Differences);

/// <summary>The baseline of one backend, as operators see it.</summary>
/// <param name="Backend">The backend.</param>
/// <param name="Policy">What the configuration says.</param>
/// <param name="Gateway">What the gateway signed.</param>
/// <param name="Operator">What an operator signed, where such a signature counts.</param>
/// <param name="Approved">How many definitions count as approved.</param>
/// <param name="Problem">Why none of it can be trusted; null when it can.</param>
internal sealed record BaselineView(BackendId Backend, IntegrityPolicy Policy, BaselineDocument? Gateway, BaselineDocument? Operator, int Approved, string? Problem);

/// <summary>What came of a person's decision.</summary>
internal abstract record ReviewResult
{
    private ReviewResult()
    {
    }

    /// <summary>It is on record.</summary>
    /// <param name="Row">The definition it was about.</param>
    /// <param name="Before">What was approved before; null for nothing.</param>
    internal sealed record Done(QuarantineRow Row, Definition? Before) : ReviewResult;

    /// <summary>Nothing of this id is in quarantine: it was decided upon, or is no longer offered.</summary>
    internal sealed record NotFound : ReviewResult
    {
        public static NotFound Instance { get; } = new();
    }

    /// <summary>It can't be done; the problem says why.</summary>
    internal sealed record Refused(string Problem) : ReviewResult;
}
