using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cortex.Foundation.Model;
using Cortex.Governance.Audit;
using Cortex.Identity.Entitlements;

namespace Cortex.Console.Operators;

/// <summary>Records each change of an operator with what was before and after, once it is on record and before it is answered: <c>operator.change</c>.</summary>
internal sealed class OperatorAudit(AuditLog audit)
{
    /// <summary>Notes a change of a person.</summary>
    public ValueTask WriteAsync<T>(HttpContext http, string what, PersonId person, T before, T after, JsonTypeInfo<T> type) => audit.WriteAsync(
        Record(http, what, JsonSerializer.Serialize(before, type), JsonSerializer.Serialize(after, type)) with { TargetPersonId = person.Value }, CancellationToken.None);

    /// <summary>Notes a change of something that is no person.</summary>
    public ValueTask WriteAsync<T>(HttpContext http, string what, string target, T? before, T? after, JsonTypeInfo<T> type)
        where T : class => audit.WriteAsync(Record(http, what, Json(before, type), Json(after, type)) with { Target = target }, CancellationToken.None);

    /// <summary>Notes that something was taken away.</summary>
    public ValueTask WriteRemovalAsync<T>(HttpContext http, string what, string target, T before, JsonTypeInfo<T> type) => audit.WriteAsync(
        Record(http, what, JsonSerializer.Serialize(before, type), "null") with { Target = target }, CancellationToken.None);

    private static string Json<T>(T? value, JsonTypeInfo<T> type)
        where T : class => value is null ? "null" : JsonSerializer.Serialize(value, type);

    private static AuditRecord Record(HttpContext http, string what, string before, string after)
    {
        var caller = http.GetCaller();
        return new AuditRecord
        {
            Event = "operator.change",
            Outcome = "ok",
            PersonId = caller.Person?.Id.Value,
            ClientId = caller.ClientId,
            Method = what,
            Before = before,
            After = after,
        };
    }
}
