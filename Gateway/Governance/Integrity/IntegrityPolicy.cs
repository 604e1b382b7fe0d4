using System.Security.Cryptography;

namespace Cortex.Governance.Integrity;

/// <summary>What the configuration says for one backend.</summary>
/// <param name="Mode">What a difference leads to.</param>
/// <param name="NewTools">What becomes of new names.</param>
/// <param name="OperatorKeys">Whose signatures count; empty when the gateway signs alone.</param>
internal sealed record IntegrityPolicy(IntegrityMode Mode, NewTools NewTools, IReadOnlyList<ECDsa> OperatorKeys)
{
    /// <summary>True when nobody but an operator's key can approve.</summary>
    public bool IsSignedByOperators => OperatorKeys.Count > 0;

    /// <summary>Why a definition of this standing is kept from callers; null when it is not.</summary>
    public Withholding? Withhold(Verdict verdict) => Mode switch
    {
        IntegrityMode.Off => null,
        IntegrityMode.Warn when verdict.Standing != Standing.Rejected => null,
        _ when verdict.Standing is Standing.Approved or Standing.Adopted => null,
        _ => new Withholding(verdict.Standing, verdict.Approved?.Scope),
    };
}
