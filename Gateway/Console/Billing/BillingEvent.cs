using System.Text.Json.Serialization;

namespace Cortex.Console.Billing;

/// <summary>
/// An event: <c>{"type": "plan.changed", "timestamp": "2026-01-31T09:00:00Z", "data": {"person": {"id": "p_..."}, "plan": "pro"}}</c>. Members that are not
/// known are left alone.
/// </summary>
/// <param name="Type">What happened; any other than <c>plan.changed</c> is accepted and does nothing.</param>
/// <param name="Timestamp">When it happened; null: when it was sent.</param>
internal sealed record BillingEvent(string? Type, DateTimeOffset? Timestamp, PlanChanged? Data);

/// <summary>The data of <c>plan.changed</c>.</summary>
/// <param name="Plan">The plan the person has from now on; null for the default one.</param>
/// <param name="EffectiveAt">When the change took effect, where that is not when the event happened: of two changes the later one stands, in whichever order they come.</param>
internal sealed record PlanChanged(BilledPerson? Person, string? Plan, DateTimeOffset? EffectiveAt);

/// <summary>Who is meant: by the gateway's id, by issuer and subject, or by a verified e-mail address that one person alone has.</summary>
internal sealed record BilledPerson(string? Id, string? Issuer, string? Subject, string? Email);

/// <summary>How events are read.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(BillingEvent))]
internal sealed partial class BillingJson : JsonSerializerContext;
