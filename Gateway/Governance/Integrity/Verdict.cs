using Cortex.Foundation.Model;
using Cortex.Governance.Integrity.Definitions;
using Cortex.Governance.Integrity.Quarantine;
using Cortex.Governance.Integrity.Text;

namespace Cortex.Governance.Integrity;

/// <summary>How an offered definition stands to the baseline.</summary>
internal enum Standing
{
    /// <summary>It is the approved one.</summary>
    Approved,

    /// <summary>Nothing of this name was ever approved; it is trusted on first use, and becomes part of the baseline.</summary>
    Adopted,

    /// <summary>Nothing of this name was ever approved, and a person must look at it.</summary>
    New,

    /// <summary>Another definition of this name is the approved one.</summary>
    Changed,

    /// <summary>A person refused this very definition.</summary>
    Rejected,
}

/// <summary>What came of one definition.</summary>
/// <param name="Definition">What was offered.</param>
/// <param name="Standing">How it stands.</param>
/// <param name="Approved">What is approved under its name; null when nothing ever was.</param>
/// <param name="Findings">What else is to be said about it.</param>
internal sealed record Verdict(Definition Definition, Standing Standing, Definition? Approved, IReadOnlyList<Finding> Findings)
{
    /// <summary>True for what waits for a person.</summary>
    public bool IsPending => Standing is Standing.New or Standing.Changed;

    public QuarantineId IdAt(BackendId backend) => QuarantineId.Of(backend, Definition.Key, Definition.Fingerprint);
}
