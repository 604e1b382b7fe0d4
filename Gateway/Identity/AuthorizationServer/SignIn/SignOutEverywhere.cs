using Cortex.Foundation.Model;
using Cortex.Governance.Audit;

namespace Cortex.Identity.AuthorizationServer.SignIn;

/// <summary>Ends every browser session of a person, this one too, and writes it to the audit log.</summary>
internal sealed class SignOutEverywhere(SessionGenerations generations, AuditLog audit, TimeProvider time)
{
    public async Task EndAsync(Person person, CancellationToken cancellationToken)
    {
        await generations.AdvanceAsync(person.Id, cancellationToken);
        await audit.WriteAsync(
            new AuditRecord
            {
                Event = "auth.sign_out",
                Outcome = "ok",
                Time = time.GetUtcNow(),
                PersonId = person.Id.Value,
                Detail = "at every browser",
            },
            CancellationToken.None);
    }
}
