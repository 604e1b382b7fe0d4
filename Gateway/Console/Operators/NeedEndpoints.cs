using Cortex.Backends;
using Cortex.Feedback;
using Cortex.Feedback.Triage;
using Cortex.Foundation.Model;
using Cortex.Identity.Callers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cortex.Console.Operators;

/// <summary><c>/api/admin/needs</c>: what becomes of what agents miss. Reporters see state and resolution when they list their tickets next.</summary>
internal static class NeedEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        var needs = api.MapGroup("/needs").WithTags("needs");
        needs.MapGet("/", ListAsync).ForOperators(AdminScopes.ToRead(AdminScopes.Tickets), "Needs, newest first").ProducesProblem(StatusCodes.Status400BadRequest);
        needs.MapGet("/{id}", ShowAsync).ForOperators(AdminScopes.ToRead(AdminScopes.Tickets), "One need, with its notes, links and history")
            .ProducesProblem(StatusCodes.Status404NotFound);
        ForChange(needs.MapPut("/{id}/state", SetStateAsync), "Sets the state of a need, and what its reporters are told");
        ForChange(needs.MapPut("/{id}/backend", AssignAsync), "Assigns a need to a backend, or to none");
        ForChange(needs.MapPost("/{id}/notes", NoteAsync), "Adds a note for operators");
        ForChange(needs.MapPut("/{id}/links", LinkAsync), "Adds a link for operators, or gives it a new title");
        ForChange(needs.MapDelete("/{id}/links", UnlinkAsync), "Takes a link away");
        ForChange(needs.MapPost("/{id}/merge", MergeAsync), "Gives a need's tickets and wordings to another, and answers with that one");
        ForChange(needs.MapPost("/{id}/split", SplitAsync), "Makes a need of its own for some tickets and all others in the same words, and answers with it");
        ForChange(needs.MapPost("/{id}/undo", UndoAsync), "Takes back the merge of a need, or the split that made it");
    }

    private static void ForChange(RouteHandlerBuilder route, string summary) => route.ForOperators(AdminScopes.Tickets, summary)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<PageOfNeeds>, ProblemHttpResult>> ListAsync(
        [AsParameters] TriageFilter filter, TriageDesk triage, CancellationToken cancellationToken, string? before = null, int limit = TriageFilter.DefaultLimit)
    {
        if (filter.TryReadNeeds(out var problem) is not { } query || TriageFilter.TryReadPage(before, limit, out problem) is not { } page)
            return TriageFilter.Refuse(problem);
        var found = await triage.ListAsync(query, page.Before, page.Limit, cancellationToken);
        return TypedResults.Ok(new PageOfNeeds([.. found.Items.Select(NeedItem.Of)], found.Next?.ToString()));
    }

    private static async Task<Results<Ok<NeedPage>, ProblemHttpResult>> ShowAsync(string id, TriageDesk triage, CancellationToken cancellationToken) =>
        NeedId.TryParse(id, out var need) && await triage.FindAsync(need, cancellationToken) is { } detail ? TypedResults.Ok(NeedPage.Of(detail)) : TriageChanges.NoSuchNeed(id);

    private static Task<Results<Ok<NeedItem>, ProblemHttpResult>> SetStateAsync(string id, NeedStateChange change, HttpContext http, TriageChanges changes, TriageDesk triage) =>
        changes.MakeAsync(http, "need.state", id, (author, need) => TicketStateWords.TryParse(change.State, out var state)
            ? triage.SetStateAsync(author, need, state.Value, change.Resolution, CancellationToken.None)
            : Refused($"state is none of: {string.Join(", ", TicketStateWords.All)}."));

    private static Task<Results<Ok<NeedItem>, ProblemHttpResult>> AssignAsync(
        string id, NeedAssignment change, HttpContext http, TriageChanges changes, TriageDesk triage, BackendRegistry backends) =>
        changes.MakeAsync(http, "need.backend", id, (author, need) =>
        {
            if (change.Backend is null)
                return triage.AssignAsync(author, need, null, CancellationToken.None);
            return BackendId.TryParse(change.Backend, out var backend) && backends.Current.Find(backend) is not null
                ? triage.AssignAsync(author, need, backend, CancellationToken.None)
                : Refused($"There is no such backend; the configuration has: {string.Join(", ", backends.Current.All.Select(known => known.Id.Value).Order(StringComparer.Ordinal))}.");
        });

    private static Task<Results<Ok<NeedItem>, ProblemHttpResult>> NoteAsync(string id, NewNote note, HttpContext http, TriageChanges changes, TriageDesk triage) =>
        changes.MakeAsync(http, "need.note", id, (author, need) => triage.NoteAsync(author, need, note.Text ?? "", CancellationToken.None));

    private static Task<Results<Ok<NeedItem>, ProblemHttpResult>> LinkAsync(string id, NewLink link, HttpContext http, TriageChanges changes, TriageDesk triage) =>
        changes.MakeAsync(http, "need.link", id, (author, need) => triage.LinkAsync(author, need, link.Url ?? "", link.Title, CancellationToken.None));

    private static Task<Results<Ok<NeedItem>, ProblemHttpResult>> UnlinkAsync(string id, string url, HttpContext http, TriageChanges changes, TriageDesk triage) =>
        changes.MakeAsync(http, "need.unlink", id, (author, need) => triage.UnlinkAsync(author, need, url, CancellationToken.None));

    private static Task<Results<Ok<NeedItem>, ProblemHttpResult>> MergeAsync(string id, NeedMerge merge, HttpContext http, TriageChanges changes, NeedRegrouping regrouping) =>
        changes.MakeAsync(http, "need.merge", id, (author, need) => NeedId.TryParse(merge.Into, out var into)
            ? regrouping.MergeAsync(author, need, into, CancellationToken.None)
            : Refused("into is no id of a need: n_ and 32 hexadecimal digits."));

    private static Task<Results<Ok<NeedItem>, ProblemHttpResult>> SplitAsync(string id, NeedSplit split, HttpContext http, TriageChanges changes, NeedRegrouping regrouping) =>
        changes.MakeAsync(http, "need.split", id, (author, need) =>
        {
            TicketId[] tickets = [.. (split.Tickets ?? []).Where(ticket => TicketId.TryParse(ticket, out _)).Select(ticket => TicketId.Parse(ticket!)).Distinct()];
            return tickets.Length > 0 && tickets.Length == split.Tickets!.Distinct().Count()
                ? regrouping.SplitAsync(author, need, tickets, CancellationToken.None)
                : Refused("tickets: write the ids of some tickets of the need.");
        });

    private static Task<Results<Ok<NeedItem>, ProblemHttpResult>> UndoAsync(string id, HttpContext http, TriageChanges changes, RegroupingUndo undo) =>
        changes.MakeAsync(http, "need.undo", id, (author, need) => undo.UndoAsync(author, need, CancellationToken.None));

    private static Task<TriageResult> Refused(string problem) => Task.FromResult<TriageResult>(new TriageResult.Invalid(problem));
}
