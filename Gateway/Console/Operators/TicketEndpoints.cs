using Cortex.Feedback;
using Cortex.Feedback.Triage;
using Cortex.Identity.Callers;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Cortex.Console.Operators;

/// <summary><c>/api/admin/tickets</c>: single reports, and all of them as a file.</summary>
internal static class TicketEndpoints
{
    private const string JsonLines = "application/jsonl";
    private const string Csv = "text/csv";

    public static void Map(RouteGroupBuilder api)
    {
        var tickets = api.MapGroup("/tickets").WithTags("tickets");
        tickets.MapGet("/", ListAsync).ForOperators(AdminScopes.ToRead(AdminScopes.Tickets), "Tickets, newest first, of one need or of all")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        tickets.MapGet("/{id}", ShowAsync).ForOperators(AdminScopes.ToRead(AdminScopes.Tickets), "One ticket").ProducesProblem(StatusCodes.Status404NotFound);
        tickets.MapGet("/export", Export)
            .ForOperators(AdminScopes.ToRead(AdminScopes.Tickets), "Tickets as JSON lines (format=jsonl) or CSV (format=csv), else in the form that Accept names; moments are unix milliseconds")
            .Produces<string>(StatusCodes.Status200OK, JsonLines, Csv)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status406NotAcceptable);
    }

    private static async Task<Results<Ok<PageOfTickets>, ProblemHttpResult>> ListAsync(
        [AsParameters] TriageFilter filter, TriageDesk triage, CancellationToken cancellationToken, string? need = null, string? before = null, int limit = TriageFilter.DefaultLimit)
    {
        if (filter.TryReadTickets(need, out var problem) is not { } query || TriageFilter.TryReadPage(before, limit, out problem) is not { } page)
            return TriageFilter.Refuse(problem);
        var found = await triage.ListTicketsAsync(query, page.Before, page.Limit, cancellationToken);
        return TypedResults.Ok(new PageOfTickets([.. found.Items.Select(TicketItem.Of)], found.Next?.ToString()));
    }

    private static async Task<Results<Ok<TicketItem>, ProblemHttpResult>> ShowAsync(string id, TriageDesk triage, CancellationToken cancellationToken) =>
        TicketId.TryParse(id, out var ticket) && await triage.FindTicketAsync(ticket, cancellationToken) is { } found
            ? TypedResults.Ok(TicketItem.Of(found))
            : TypedResults.Problem("There is no such ticket.", statusCode: StatusCodes.Status404NotFound);

    private static Results<PushStreamHttpResult, ProblemHttpResult> Export(
        [AsParameters] TriageFilter filter, HttpRequest request, TicketExport export, string? need = null, string? format = null)
    {
        if (filter.TryReadTickets(need, out var problem) is not { } query)
            return TriageFilter.Refuse(problem);
        if (format is not (null or "jsonl" or "csv"))
            return TriageFilter.Refuse("format is neither jsonl nor csv.");
        var ended = request.HttpContext.RequestAborted;
        return (format ?? FindFormat(request)) switch
        {
            "jsonl" => TypedResults.Stream(output => export.WriteJsonLinesAsync(query, output, ended), JsonLines, "tickets.jsonl"),
            "csv" => TypedResults.Stream(output => export.WriteCsvAsync(query, output, ended), Csv + "; charset=utf-8; header=present", "tickets.csv"),
            _ => TypedResults.Problem($"Tickets are exported as {JsonLines} or {Csv}.", statusCode: StatusCodes.Status406NotAcceptable),
        };
    }

    /// <summary>What the client likes most, JSON lines where it does not say; null when it takes neither.</summary>
    private static string? FindFormat(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        if (accepted is not { Count: > 0 })
            return "jsonl";
        var (lines, csv) = (QualityOf(JsonLines), QualityOf(Csv));
        return (lines, csv) is (0, 0) ? null : lines >= csv ? "jsonl" : "csv";

        double QualityOf(string type)
        {
            var known = new MediaTypeHeaderValue(type);
            return accepted.Where(range => known.IsSubsetOf(range)).OrderBy(range => range.MatchesAllTypes).ThenBy(range => range.MatchesAllSubTypes)
                .Select(range => range.Quality ?? 1).FirstOrDefault();
        }
    }
}
