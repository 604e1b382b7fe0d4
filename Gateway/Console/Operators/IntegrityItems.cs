using System.Text.Json;
using Cortex.Governance.Integrity;

namespace Cortex.Console.Operators;

/// <summary>A definition in quarantine.</summary>
/// <param name="Kind"><c>tool</c>, <c>prompt</c>, <c>template</c> or <c>instructions</c>.</param>
/// <param name="State"><c>pending</c> or <c>rejected</c>.</param>
/// <param name="Change"><c>new</c>, or <c>changed</c> for a name of which something else is approved.</param>
/// <param name="IsPersonal">True when only a person's own list had it.</param>
/// <param name="IsWithheld">True when callers can't see or use it now.</param>
/// <param name="Fingerprint">SHA-256 of its canonical form.</param>
/// <param name="ApprovedFingerprint">That of what is approved under its name; null for nothing.</param>
/// <param name="Findings">What is suspicious about it.</param>
/// <param name="Differences">Every place in which it differs from what is approved; for what is new, the whole of it.</param>
/// <param name="SeenAt">When it was first offered.</param>
/// <param name="DecidedBy">The person who rejected it.</param>
internal sealed record QuarantineItem(
    string Id,
    string Backend,
    string Kind,
    string Name,
    string State,
    string Change,
    bool IsPersonal,
    bool IsWithheld,
    string Fingerprint,
    string? ApprovedFingerprint,
    IReadOnlyList<FindingItem> Findings,
    IReadOnlyList<DifferenceItem> Differences,
    DateTimeOffset SeenAt,
    string? DecidedBy,
    DateTimeOffset? DecidedAt)
{
    public static QuarantineItem Of(Review review) => new(
        review.Row.Id,
        review.Row.BackendId,
        review.Row.Kind,
        review.Row.Name,
        review.Row.State,
        review.Row.Change,
        review.Row.Origin == "personal",
        review.IsWithheld,
        review.Row.Fingerprint,
        review.Approved?.Fingerprint.Value,
        [.. review.Row.ReadFindings().Select(finding => new FindingItem(finding.Code, finding.Pointer, finding.Detail))],
        [.. review.Differences.Select(difference => new DifferenceItem(difference.Pointer, difference.Old, difference.New))],
        DateTimeOffset.FromUnixTimeMilliseconds(review.Row.SeenAt),
        review.Row.DecidedBy,
        review.Row.DecidedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null);
}

/// <summary>Something suspicious.</summary>
/// <param name="Code">A stable word, such as <c>invisible_characters</c>, <c>mixed_script</c> or <c>renamed</c>.</param>
/// <param name="Pointer">Where, a JSON pointer; null for the whole.</param>
internal sealed record FindingItem(string Code, string? Pointer, string Detail);

/// <summary>A place that differs.</summary>
/// <param name="Pointer">Where, a JSON pointer: <c>/definition/description</c>, <c>/scope</c>.</param>
/// <param name="Old">What is approved; null for nothing.</param>
/// <param name="New">What is offered; null for nothing.</param>
internal sealed record DifferenceItem(string Pointer, JsonElement? Old, JsonElement? New);

/// <summary>Some definitions in quarantine, in the order of their ids.</summary>
/// <param name="Next">Value of <c>after</c> for the next page; null at the end.</param>
internal sealed record PageOfQuarantine(IReadOnlyList<QuarantineItem> Items, string? Next);

/// <summary>The baseline of a backend.</summary>
/// <param name="Mode"><c>off</c>, <c>warn</c> or <c>block</c>.</param>
/// <param name="NewTools"><c>allow</c> or <c>hold</c>.</param>
/// <param name="Approved">How many definitions are approved.</param>
/// <param name="GatewayRevision">Revision of what the gateway signed; null for nothing.</param>
/// <param name="OperatorRevision">Revision of what an operator's key signed; null for nothing.</param>
/// <param name="Problem">Why none of it can be trusted; null when it can.</param>
internal sealed record BaselineItem(string Backend, string Mode, string NewTools, int Approved, long? GatewayRevision, long? OperatorRevision, string? Problem)
{
    public static BaselineItem Of(BaselineView view) => new(
        view.Backend.Value,
        view.Policy.Mode.ToString().ToLowerInvariant(),
        view.Policy.NewTools.ToString().ToLowerInvariant(),
        view.Approved,
        view.Gateway?.Revision,
        view.Operator?.Revision,
        view.Problem);
}

/// <summary>A definition before or after a decision, for the record.</summary>
/// <param name="Fingerprint">The definition that was decided upon.</param>
/// <param name="State"><c>pending</c>, <c>rejected</c> or <c>approved</c>.</param>
/// <param name="Approved">Fingerprint of what is approved under its name; null for nothing.</param>
/// <param name="Definition">Before: what was approved. After: what was decided upon. Canonical JSON.</param>
internal sealed record ApprovalState(string Fingerprint, string State, string? Approved, string? Definition);
