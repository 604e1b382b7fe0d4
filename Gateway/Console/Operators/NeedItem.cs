using System.Text.Json;
using Cortex.Feedback.Triage;

namespace Cortex.Console.Operators;

/// <summary>A need: the wish that several tickets share.</summary>
/// <param name="Title">The wording of its first report.</param>
/// <param name="State"><c>open</c>, <c>triaged</c>, <c>planned</c>, <c>resolved</c>, <c>wont_fix</c> or <c>duplicate</c>.</param>
/// <param name="Resolution">What its reporters are told.</param>
/// <param name="Backend">The backend it is assigned to.</param>
/// <param name="ContextApp">The backend or app its reports name, as the words by which wishes are compared.</param>
/// <param name="ContextTool">The tool its reports name, as the words by which wishes are compared.</param>
/// <param name="MergedInto">The need that took its tickets over; null unless it was merged.</param>
/// <param name="Tickets">How many tickets it has.</param>
/// <param name="Callers">How many persons and machine clients reported it.</param>
/// <param name="Blocking">How many of its tickets block someone.</param>
/// <param name="UpdatedAt">When an operator last changed it.</param>
internal sealed record NeedItem(
    string Id,
    string Title,
    string State,
    string? Resolution,
    string? Backend,
    string? ContextApp,
    string? ContextTool,
    string? MergedInto,
    long Tickets,
    long Callers,
    long Blocking,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static NeedItem Of(NeedView need) => new(
        need.Id,
        need.Title,
        need.State,
        need.Resolution,
        need.BackendId,
        need.ContextApp,
        need.ContextTool,
        need.MergedInto,
        need.Tickets,
        need.Callers,
        need.Blocking,
        DateTimeOffset.FromUnixTimeMilliseconds(need.CreatedAt),
        DateTimeOffset.FromUnixTimeMilliseconds(need.UpdatedAt));
}

/// <summary>Some needs, newest first.</summary>
/// <param name="Next">Value of <c>before</c> for the next page; null at the end.</param>
internal sealed record PageOfNeeds(IReadOnlyList<NeedItem> Items, string? Next);

/// <summary>A need with all that operators wrote about it and did with it, oldest first.</summary>
internal sealed record NeedPage(NeedItem Need, IReadOnlyList<NoteItem> Notes, IReadOnlyList<LinkItem> Links, IReadOnlyList<HistoryItem> History)
{
    public static NeedPage Of(NeedDetail detail) => new(
        NeedItem.Of(detail.Need),
        [.. detail.Notes.Select(note => new NoteItem(note.Id, note.Author, note.Text, DateTimeOffset.FromUnixTimeMilliseconds(note.CreatedAt)))],
        [.. detail.Links.Select(link => new LinkItem(link.Url, link.Title, link.Author, DateTimeOffset.FromUnixTimeMilliseconds(link.CreatedAt)))],
        [.. detail.History.Select(HistoryItem.Of)]);
}

/// <summary>An operator's note.</summary>
/// <param name="Author">Id of the person or machine client who wrote it.</param>
internal sealed record NoteItem(string Id, string Author, string Text, DateTimeOffset CreatedAt);

/// <summary>A link to where the need is worked on.</summary>
internal sealed record LinkItem(string Url, string? Title, string Author, DateTimeOffset CreatedAt);

/// <summary>A change by an operator.</summary>
/// <param name="Change"><c>changed</c>, <c>noted</c>, <c>linked</c>, <c>unlinked</c>, <c>merged</c>, <c>unmerged</c>, <c>split</c> or <c>split_off</c>.</param>
/// <param name="Before">What it was about, before it.</param>
/// <param name="After">The same after it.</param>
internal sealed record HistoryItem(string Author, string Change, JsonElement? Before, JsonElement? After, DateTimeOffset At)
{
    public static HistoryItem Of(NeedHistoryEntry entry) => new(
        entry.Author, entry.Change, Parse(entry.BeforeJson), Parse(entry.AfterJson), DateTimeOffset.FromUnixTimeMilliseconds(entry.CreatedAt));

    private static JsonElement? Parse(string? json) => json is null ? null : JsonElement.Parse(json);
}
