using System.Collections.Frozen;
using Cortex.Foundation.Model;
using Cortex.Governance.Integrity.Definitions;
using Cortex.Governance.Integrity.Quarantine;

namespace Cortex.Governance.Integrity.Baselines;

/// <summary>What is on record about one backend at one moment, its signatures verified. Immutable.</summary>
internal sealed class BaselineState
{
    private readonly FrozenDictionary<QuarantineId, QuarantineRow> _quarantine;

    /// <param name="backend">The backend.</param>
    /// <param name="gateway">What the gateway signed; null when there is none.</param>
    /// <param name="byOperator">What an operator signed; null when there is none, or no operator's key is configured.</param>
    /// <param name="policy">Whose signature counts for what.</param>
    /// <param name="quarantine">What is in quarantine.</param>
    public BaselineState(BackendId backend, BaselineDocument? gateway, BaselineDocument? byOperator, IntegrityPolicy policy, IReadOnlyList<QuarantineRow> quarantine)
    {
        (Backend, Gateway, Operator) = (backend, gateway, byOperator);
        Approved = Merge(gateway, byOperator, policy).ToFrozenDictionary(definition => definition.Key);
        _quarantine = quarantine
            .Where(row => QuarantineId.TryParse(row.Id, out _))
            .ToFrozenDictionary(row => QuarantineId.TryParse(row.Id, out var id) ? id : default);
    }

    public BackendId Backend { get; }

    public BaselineDocument? Gateway { get; }

    public BaselineDocument? Operator { get; }

    /// <summary>The definitions that count as approved.</summary>
    public FrozenDictionary<DefinitionKey, Definition> Approved { get; }

    public IReadOnlyDictionary<QuarantineId, QuarantineRow> Quarantine => _quarantine;

    public bool IsRejected(Definition definition) =>
        _quarantine.GetValueOrDefault(QuarantineId.Of(Backend, definition.Key, definition.Fingerprint)) is { State: QuarantineRow.Rejected };

    /// <summary>An operator's word goes before the gateway's, and where new names are held it is the only one.</summary>
    private static IEnumerable<Definition> Merge(BaselineDocument? gateway, BaselineDocument? byOperator, IntegrityPolicy policy)
    {
        var own = gateway?.Entries ?? [];
        if (!policy.IsSignedByOperators)
            return own;
        var signed = byOperator?.Entries ?? [];
        return policy.NewTools == NewTools.Hold ? signed : [.. signed, .. own.Where(definition => byOperator?.Find(definition.Key) is null)];
    }
}

/// <summary>What came of reading what is on record.</summary>
internal abstract record BaselineReading
{
    private BaselineReading()
    {
    }

    /// <summary>It holds.</summary>
    internal sealed record Trusted(BaselineState State) : BaselineReading;

    /// <summary>It can't be read, or was forged, changed or set back: nothing can be said to be approved.</summary>
    internal sealed record Untrusted(string Problem) : BaselineReading;
}
