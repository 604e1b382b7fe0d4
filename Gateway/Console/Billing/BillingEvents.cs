using System.Text.Json;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Foundation.Webhooks;
using Cortex.Governance.Audit;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;
using Dapper;
using Microsoft.Extensions.Options;

namespace Cortex.Console.Billing;

/// <summary>
/// Carries out events whose signature was checked: (1) who and what is meant, (2) in one transaction the event's id, which lets one of several
/// replicas through, and the plan, (3) word to every replica, (4) the record. What is refused leaves no id behind, so that it can be sent again.
/// </summary>
internal sealed class BillingEvents(
    Database database, PersonRecords persons, PersonPlans plans, PersonStandings standings, AuditLog audit, IOptionsMonitor<IdentityOptions> options, TimeProvider time)
{
    private const string PlanChangedType = "plan.changed";

    /// <summary>Ids are kept for longer than any sender tries again.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(60);

    /// <param name="id">The event's id.</param>
    /// <param name="sentAt">When it was sent.</param>
    /// <param name="body">The event as JSON.</param>
    /// <param name="cancellationToken">Ends the wait, up to where the event takes effect.</param>
    public async Task<BillingResult> TakeAsync(string id, DateTimeOffset sentAt, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (TryRead(body) is not { Type: { } type } happened)
            return Refuse(StatusCodes.Status400BadRequest, "The body is no event: an object with 'type' and 'data'.");
        if (type != PlanChangedType)
            return new BillingResult.Done("ignored");
        if (happened.Data is not { Person: { } who } data)
            return Refuse(StatusCodes.Status422UnprocessableEntity, "The event has no 'data.person'.");
        if (data.Plan is { } plan && !options.CurrentValue.Plans.ContainsKey(plan))
            return Refuse(StatusCodes.Status422UnprocessableEntity, "There is no plan of the name in 'data.plan'; add it to identity.plans, and send the event again.");
        var at = data.EffectiveAt ?? happened.Timestamp ?? sentAt;
        if (at > time.GetUtcNow() + StandardWebhook.Tolerance)
            return Refuse(StatusCodes.Status422UnprocessableEntity, "The event is to take effect in the future; send it when it does.");
        return await FindAsync(who, cancellationToken) is { } person
            ? await ApplyAsync(id, new PlanDecision(person, data.Plan, "billing", at), cancellationToken)
            : Refuse(StatusCodes.Status422UnprocessableEntity, "'data.person' names nobody who is known here, or more than one person. They are known once they have signed in; send the event again then.");
    }

    private async Task<BillingResult> ApplyAsync(string id, PlanDecision decision, CancellationToken cancellationToken)
    {
        PlanResult result;
        await using (var connection = await database.OpenAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            var now = time.GetUtcNow();
            await connection.ExecuteAsync(new CommandDefinition(
                "DELETE FROM billing_events WHERE received_at < @Before", new { Before = (now - Kept).ToUnixTimeMilliseconds() }, transaction, cancellationToken: cancellationToken));
            var isNew = await connection.ExecuteAsync(new CommandDefinition(
                "INSERT INTO billing_events (id, received_at) VALUES (@Id, @Now) ON CONFLICT (id) DO NOTHING",
                new { Id = id, Now = now.ToUnixTimeMilliseconds() },
                transaction,
                cancellationToken: cancellationToken)) == 1;
            if (!isNew)
                return new BillingResult.Done("repeated");
            result = await plans.ApplyAsync(decision, transaction, cancellationToken);
            await transaction.CommitAsync(CancellationToken.None);
        }

        if (result is not PlanResult.Applied applied)
            return new BillingResult.Done("superseded");
        await standings.TellAsync(decision.Person);
        await audit.WriteAsync(
            new AuditRecord
            {
                Event = "billing.plan",
                Outcome = "ok",
                TargetPersonId = decision.Person.Value,
                Before = JsonSerializer.Serialize(applied.Before),
                After = JsonSerializer.Serialize(decision.Plan),
            },
            CancellationToken.None);
        return new BillingResult.Done("applied");
    }

    private async Task<PersonId?> FindAsync(BilledPerson who, CancellationToken cancellationToken)
    {
        var found = who switch
        {
            { Id: { } id } => PersonId.TryParse(id, out var person) ? await persons.FindAsync(person, cancellationToken) : null,
            { Issuer: { } issuer, Subject: { } subject } => await persons.FindAsync(issuer, subject, cancellationToken),
            { Email: { } email } => await persons.FindByEmailAsync(email, cancellationToken) is [var only] ? only : null,
            _ => null,
        };
        return found is null ? null : PersonId.Parse(found.Id);
    }

    private static BillingEvent? TryRead(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body.Span, BillingJson.Default.BillingEvent);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static BillingResult.Refused Refuse(int status, string problem) => new(status, problem);
}
