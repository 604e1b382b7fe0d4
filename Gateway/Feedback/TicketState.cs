using System.Diagnostics.CodeAnalysis;

namespace Cortex.Feedback;

/// <summary>What became of a need, and so of each of its tickets. On the wire: <c>open</c>, <c>triaged</c>, <c>planned</c>, <c>resolved</c>, <c>wont_fix</c>, <c>duplicate</c>.</summary>
internal enum TicketState
{
    Open,
    Triaged,
    Planned,
    Resolved,
    WontFix,
    Duplicate,
}

/// <summary>The words of the wire, and of the database, for <see cref="TicketState"/>.</summary>
internal static class TicketStateWords
{
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<TicketState>().Select(Word)];

    public static string Word(this TicketState state) => state switch
    {
        TicketState.Open => "open",
        TicketState.Triaged => "triaged",
        TicketState.Planned => "planned",
        TicketState.Resolved => "resolved",
        TicketState.WontFix => "wont_fix",
        _ => "duplicate",
    };

    public static bool TryParse(string? word, [NotNullWhen(true)] out TicketState? state)
    {
        state = Enum.GetValues<TicketState>().Cast<TicketState?>().FirstOrDefault(known => known!.Value.Word() == word);
        return state is not null;
    }
}
