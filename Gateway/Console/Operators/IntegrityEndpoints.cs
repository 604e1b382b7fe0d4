using Cortex.Foundation.Model;
using Cortex.Governance.Integrity;
using Cortex.Governance.Integrity.Quarantine;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cortex.Console.Operators;

/// <summary><c>/api/admin/integrity</c>: what backends offer that is not approved. A person decides, never a machine: no tool can approve itself.</summary>
internal static class IntegrityEndpoints
{
    private const int MaxLimit = 200;

    public static void Map(RouteGroupBuilder api)
    {
        var integrity = api.MapGroup("/integrity").WithTags("integrity");
        integrity.MapGet("/", ListAsync)
            .ForOperators(AdminScopes.ToRead(AdminScopes.Integrity), "Definitions in quarantine, each with what changed, place by place")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        integrity.MapGet("/{id}", ShowAsync).ForOperators(AdminScopes.ToRead(AdminScopes.Integrity), "One definition in quarantine").ProducesProblem(StatusCodes.Status404NotFound);
        integrity.MapPost("/{id}/approve", ApproveAsync)
            .ForOperators(AdminScopes.Integrity, "Makes this very definition the approved one; for persons alone")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        integrity.MapPost("/{id}/reject", RejectAsync)
            .ForOperators(AdminScopes.Integrity, "Withholds this very definition for good, in 'warn' too; for persons alone")
            .ProducesProblem(StatusCodes.Status404NotFound);
        integrity.MapGet("/baselines", ListBaselinesAsync).ForOperators(AdminScopes.ToRead(AdminScopes.Integrity), "What is approved of each backend, and whether that can be trusted");
        integrity.MapPost("/baselines/{backend}/reset", ResetAsync)
            .ForOperators(AdminScopes.Integrity, "Forgets what the gateway approved of a backend: all of it is new then; for persons alone")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<PageOfQuarantine>, ProblemHttpResult>> ListAsync(
        IntegrityDesk desk, CancellationToken cancellationToken, string? backend = null, string? state = null, string? after = null, int limit = 50)
    {
        BackendId id = default;
        QuarantineId last = default;
        if (backend is not null && !BackendId.TryParse(backend, out id))
            return Refuse("backend is no name of a backend.");
        if (state is not (null or QuarantineRow.Pending or QuarantineRow.Rejected))
            return Refuse("state is neither pending nor rejected.");
        if (after is not null && !QuarantineId.TryParse(after, out last))
            return Refuse("after is no id of a definition; write the value of 'next' of the page before.");
        if (limit is < 1 or > MaxLimit)
            return Refuse($"limit is out of range; write 1 to {MaxLimit}.");
        var found = await desk.ListAsync(backend is null ? null : id, state, after is null ? null : last, limit + 1, cancellationToken);
        QuarantineItem[] items = [.. found.Take(limit).Select(QuarantineItem.Of)];
        return TypedResults.Ok(new PageOfQuarantine(items, found.Count > limit ? items[^1].Id : null));
    }

    private static async Task<Results<Ok<QuarantineItem>, ProblemHttpResult>> ShowAsync(string id, IntegrityDesk desk, CancellationToken cancellationToken) =>
        QuarantineId.TryParse(id, out var quarantined) && await desk.FindAsync(quarantined, cancellationToken) is { } review ? TypedResults.Ok(QuarantineItem.Of(review)) : Missing();

    private static async Task<Results<NoContent, ProblemHttpResult>> ApproveAsync(string id, HttpContext http, IntegrityDesk desk, OperatorAudit audit)
    {
        if (http.GetCaller().Person is null)
            return ForPersons();
        return QuarantineId.TryParse(id, out var quarantined)
            ? await AnswerAsync(await desk.ApproveAsync(quarantined, CancellationToken.None), http, "integrity.approve", audit, "approved")
            : Missing();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RejectAsync(string id, HttpContext http, IntegrityDesk desk, OperatorAudit audit)
    {
        if (http.GetCaller().Person is not { } person)
            return ForPersons();
        return QuarantineId.TryParse(id, out var quarantined)
            ? await AnswerAsync(await desk.RejectAsync(quarantined, person.Id, CancellationToken.None), http, "integrity.reject", audit, "rejected")
            : Missing();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> AnswerAsync(ReviewResult result, HttpContext http, string what, OperatorAudit audit, string state)
    {
        switch (result)
        {
            case ReviewResult.Done done:
                var approved = done.Before?.Fingerprint.Value;
                await audit.WriteAsync(
                    http,
                    what,
                    $"{done.Row.BackendId} {done.Row.Kind} {done.Row.Name}",
                    new ApprovalState(done.Row.Fingerprint, done.Row.State, approved, done.Before?.Json),
                    new ApprovalState(done.Row.Fingerprint, state, state == "approved" ? done.Row.Fingerprint : approved, done.Row.Definition),
                    OperatorJson.Default.ApprovalState);
                return TypedResults.NoContent();
            case ReviewResult.Refused refused:
                return TypedResults.Problem(refused.Problem, statusCode: StatusCodes.Status409Conflict);
            default:
                return Missing();
        }
    }

    private static async Task<Ok<IReadOnlyList<BaselineItem>>> ListBaselinesAsync(IntegrityDesk desk, CancellationToken cancellationToken) =>
        TypedResults.Ok<IReadOnlyList<BaselineItem>>([.. (await desk.BaselinesAsync(cancellationToken)).Select(BaselineItem.Of)]);

    private static async Task<Results<NoContent, ProblemHttpResult>> ResetAsync(string backend, HttpContext http, IntegrityDesk desk, OperatorAudit audit)
    {
        if (http.GetCaller().Person is null)
            return ForPersons();
        if (!BackendId.TryParse(backend, out var id) || (await desk.BaselinesAsync(CancellationToken.None)).FirstOrDefault(view => view.Backend == id) is not { } before
            || !await desk.ResetAsync(id, CancellationToken.None))
            return TypedResults.Problem("There is no baseline of this backend.", statusCode: StatusCodes.Status404NotFound);
        var after = (await desk.BaselinesAsync(CancellationToken.None)).First(view => view.Backend == id);
        await audit.WriteAsync(http, "integrity.reset", backend, BaselineItem.Of(before), BaselineItem.Of(after), OperatorJson.Default.BaselineItem);
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult ForPersons() =>
        TypedResults.Problem("A person decides what is approved; a machine client can't.", statusCode: StatusCodes.Status403Forbidden);

    private static ProblemHttpResult Missing() =>
        TypedResults.Problem("Nothing of this id is in quarantine: it was decided upon, or is no longer offered.", statusCode: StatusCodes.Status404NotFound);

    private static ProblemHttpResult Refuse(string problem) => TypedResults.Problem(problem, statusCode: StatusCodes.Status400BadRequest);
}
