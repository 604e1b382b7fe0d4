using Cortex.Feedback;
using Cortex.Feedback.Triage;
using Cortex.Identity.Entitlements;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cortex.Console.Operators;

/// <summary>Has a need changed, records it, and answers with what is so now. What a note says is in the need's history alone.</summary>
internal sealed class TriageChanges(OperatorAudit audit)
{
    /// <param name="what">The change, for the record.</param>
    /// <param name="id">The need, as it stands in the path.</param>
    /// <param name="change">Makes the change, given who makes it.</param>
    public async Task<Results<Ok<NeedItem>, ProblemHttpResult>> MakeAsync(HttpContext http, string what, string id, Func<string, NeedId, Task<TriageResult>> change)
    {
        if (!NeedId.TryParse(id, out var need))
            return NoSuchNeed(id);
        var caller = http.GetCaller();
        switch (await change(caller.Person?.Id.Value ?? caller.ClientId, need))
        {
            case TriageResult.Done done:
                await audit.WriteAsync(http, what, need.Value, Quiet(done.Before), Quiet(done.After), NeedFactsJson.Default.NeedFacts);
                return TypedResults.Ok(NeedItem.Of(done.Need));
            case TriageResult.NotFound missing:
                return NoSuchNeed(missing.Id.Value);
            case TriageResult.Invalid invalid:
                return TypedResults.Problem(invalid.Problem, statusCode: StatusCodes.Status422UnprocessableEntity);
            default:
                throw new InvalidOperationException("A change ended in no known way.");
        }
    }

    public static ProblemHttpResult NoSuchNeed(string id) => TypedResults.Problem(
        NeedId.TryParse(id, out _) ? $"There is no need '{id}'." : "This is no id of a need: n_ and 32 hexadecimal digits.", statusCode: StatusCodes.Status404NotFound);

    private static NeedFacts? Quiet(NeedFacts? facts) => facts is null ? null : facts with { Text = null };
}
