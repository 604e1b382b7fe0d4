using System.Text.Json;

namespace Cortex.Feedback.Handover;

/// <summary>
/// A ticket as its backend tells of it: <c>{"ticketId": "N-12", "status": "planned", "summary": "…", "resolution": "…"}</c>; also understood are <c>id</c>,
/// <c>state</c>, <c>title</c> and <c>whatIWanted</c>. Texts are cut, not refused.
/// </summary>
/// <param name="Id">The backend's own id.</param>
internal sealed record BackendTicket(string Id, string? Status, string? Summary, string? Resolution)
{
    private const int MaxId = 200;
    private const int MaxText = 2_000;
    private const int MaxTickets = 200;

    /// <summary>Reads the answer to <c>report_missing_capability</c>; null when it names no ticket.</summary>
    public static BackendTicket? Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
        return Of(document.RootElement);
    }

    /// <summary>Reads the answer to <c>list_tickets</c>: an array, or an object with <c>tickets</c>. Entries without an id are left out.</summary>
    public static IReadOnlyList<BackendTicket> ReadList(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
        var list = document.RootElement;
        if (list.ValueKind == JsonValueKind.Object && list.TryGetProperty("tickets", out var tickets))
            list = tickets;
        return list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(Of).OfType<BackendTicket>().Take(MaxTickets)] : [];
    }

    private static BackendTicket? Of(JsonElement ticket)
    {
        if (ticket.ValueKind != JsonValueKind.Object || Text(ticket, MaxId, "ticketId", "id") is not { } id)
            return null;
        return new BackendTicket(id, Text(ticket, MaxId, "status", "state"), Text(ticket, MaxText, "summary", "title", "whatIWanted"), Text(ticket, MaxText, "resolution"));
    }

    private static string? Text(JsonElement ticket, int most, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!ticket.TryGetProperty(name, out var value) || value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
                continue;
            var text = Read(value).Replace("\0", "", StringComparison.Ordinal);
            if (text.Length > 0)
                return text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
        }

        return null;
    }

    /// <summary>Empty for a string that is not Unicode (half a surrogate pair, escaped).</summary>
    private static string Read(JsonElement value)
    {
        try
        {
            return value.ToString();
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }
}
