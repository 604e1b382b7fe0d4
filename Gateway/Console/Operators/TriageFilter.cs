using Cortex.Feedback;
using Cortex.Feedback.Triage;
using Cortex.Foundation.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Cortex.Console.Operators;

/// <summary>What narrows a list of needs or tickets, as it stands in the query; what is absent does not narrow.</summary>
internal sealed class TriageFilter
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    private const int MaxText = 200;

    /// <summary><c>open</c>, <c>triaged</c>, <c>planned</c>, <c>resolved</c>, <c>wont_fix</c> or <c>duplicate</c>.</summary>
    [FromQuery(Name = "state")]
    public string? State { get; init; }

    /// <summary>A backend: whose needs are assigned to it, whose tickets are about it.</summary>
    [FromQuery(Name = "backend")]
    public string? Backend { get; init; }

    /// <summary><c>blocking</c>, <c>inconvenient</c> or <c>nice_to_have</c>.</summary>
    [FromQuery(Name = "severity")]
    public string? Severity { get; init; }

    /// <summary>A part of the wish, in any case.</summary>
    [FromQuery(Name = "text")]
    public string? Text { get; init; }

    /// <summary>Which needs; null, with the problem, when something does not fit.</summary>
    public NeedQuery? TryReadNeeds(out string problem) =>
        TryRead(out problem) is { } read ? new NeedQuery(read.State, read.Backend, Text, read.Severity) : null;

    /// <summary>Which tickets; null, with the problem, when something does not fit.</summary>
    /// <param name="need">Those of this need alone; null for all.</param>
    public TicketQuery? TryReadTickets(string? need, out string problem)
    {
        if (TryRead(out problem) is not { } read)
            return null;
        if (need is null)
            return new TicketQuery(read.State, read.Backend, Text, read.Severity);
        if (NeedId.TryParse(need, out var id))
            return new TicketQuery(read.State, read.Backend, Text, read.Severity, id);
        problem = "need is no id of a need: n_ and 32 hexadecimal digits.";
        return null;
    }

    /// <summary>400, saying what does not fit.</summary>
    public static ProblemHttpResult Refuse(string problem) => TypedResults.Problem(problem, statusCode: StatusCodes.Status400BadRequest);

    /// <summary>The page that is asked for; null, with the problem, when it does not fit.</summary>
    public static (TicketCursor? Before, int Limit)? TryReadPage(string? before, int limit, out string problem)
    {
        problem = "";
        TicketCursor? cursor = null;
        if (limit is < 1 or > MaxLimit)
            problem = $"limit is {limit}; write 1 to {MaxLimit}.";
        else if (before is not null && !TicketCursor.TryParse(before, out cursor))
            problem = "before is no place in a list; write the value of 'next' of the page before.";
        return problem.Length == 0 ? (cursor, limit) : null;
    }

    private (TicketState? State, BackendId? Backend, Severity? Severity)? TryRead(out string problem)
    {
        problem = "";
        TicketState? state = null;
        BackendId? backend = null;
        Severity? severity = null;
        if (State is not null && !TicketStateWords.TryParse(State, out state))
            problem = $"state is none of: {string.Join(", ", TicketStateWords.All)}.";
        else if (Severity is not null && !SeverityWords.TryParse(Severity, out severity))
            problem = $"severity is none of: {string.Join(", ", SeverityWords.All)}.";
        else if (Text is not null && (Text.Length > MaxText || Text.Contains('\0', StringComparison.Ordinal)))
            problem = $"text: write at most {MaxText} characters of text.";
        else if (Backend is not null)
        {
            if (BackendId.TryParse(Backend, out var id))
                backend = id;
            else
                problem = "backend is no id of a backend.";
        }

        return problem.Length == 0 ? (state, backend, severity) : null;
    }
}
