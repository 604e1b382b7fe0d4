using Cortex.Foundation.Model;
using Cortex.Governance.Audit;

namespace Cortex.Identity.AuthorizationServer.Consent;

/// <summary>Writes each answer of a person to the audit log, before it takes effect: <c>auth.consent</c>.</summary>
internal sealed class ConsentAudit(AuditLog audit, TimeProvider time)
{
    public ValueTask WriteAsync(ConsentQuestion question, ScopeSet granted, CancellationToken cancellationToken) => audit.WriteAsync(
        new AuditRecord
        {
            Event = "auth.consent",
            Outcome = question.IsWorthGranting(granted) ? "ok" : "denied",
            Time = time.GetUtcNow(),
            PersonId = question.Person.Id.Value,
            ClientId = question.ClientId,
            Scope = granted.ToString(),
            Detail = $"asked for: {question.Scopes}; not granted: {question.Scopes.Except(granted)}",
        },
        cancellationToken);
}
