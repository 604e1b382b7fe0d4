using System.Globalization;

namespace Cortex.Feedback;

/// <summary>Where a page of a list ended: moment and id of its last entry, written <c>1795359600000.t_…</c>. It opens nothing: the list is the owner's alone.</summary>
internal sealed record TicketCursor(long At, string Id)
{
    private const int MaxLength = 80;

    /// <summary>In front of everything.</summary>
    public static TicketCursor Newest { get; } = new(long.MaxValue, "");

    /// <summary>False when this is no cursor of a list.</summary>
    public static bool TryParse(string? text, out TicketCursor? cursor)
    {
        cursor = null;
        if (text is not { Length: <= MaxLength } || text.Split('.', 2) is not [var at, { Length: > 0 } id]
            || !long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var moment) || id.Contains('\0', StringComparison.Ordinal))
            return false;
        cursor = new TicketCursor(moment, id);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At}.{Id}");
}
