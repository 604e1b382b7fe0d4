using Cortex.Foundation.Model;
using Cortex.Governance.Audit;

namespace Cortex.Identity.Linking;

/// <summary>
/// Records what happens to linked accounts, once it is so and before the person is told: <c>account.linked</c>, <c>account.unlinked</c>; and what was
/// refused on the way, <c>account.link</c>. Never holds a token, a code or what a provider wrote, but for error codes.
/// </summary>
internal sealed class LinkAudit(AuditLog audit)
{
    public ValueTask LinkedAsync(PersonId person, BackendId backend, string scopes, string detail) => audit.WriteAsync(
        Record("account.linked", "ok", person, backend, detail) with { Scope = scopes }, CancellationToken.None);

    public ValueTask UnlinkedAsync(PersonId person, BackendId backend, string detail) => audit.WriteAsync(
        Record("account.unlinked", "ok", person, backend, detail), CancellationToken.None);

    /// <summary>Somebody tried what they may not.</summary>
    public void Denied(PersonId? person, BackendId backend, string detail) => audit.Record(Record("account.link", "denied", person, backend, detail));

    /// <summary>It did not come to an end.</summary>
    public void Failed(PersonId person, BackendId backend, string detail) => audit.Record(Record("account.link", "error", person, backend, detail));

    private static AuditRecord Record(string name, string outcome, PersonId? person, BackendId backend, string detail) => new()
    {
        Event = name,
        Outcome = outcome,
        PersonId = person?.Value,
        Backend = backend.Value,
        Detail = detail,
    };
}
