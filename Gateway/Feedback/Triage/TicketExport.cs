using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cortex.Feedback.Triage;

/// <summary>
/// Tickets with the state of their needs, newest first, page by page: nothing is held whole. JSON lines: one object a line, moments as unix milliseconds. CSV:
/// RFC 4180 with a header; a text that a spreadsheet would run as a formula gets a quote in front.
/// </summary>
internal sealed class TicketExport(NeedStore needs)
{
    private const int Page = 500;

    private static readonly (string Name, Func<NeedTicket, object?> Value)[] Columns =
    [
        ("id", ticket => ticket.Id), ("needId", ticket => ticket.NeedId), ("state", ticket => ticket.State), ("resolution", ticket => ticket.Resolution),
        ("severity", ticket => ticket.Severity), ("wanted", ticket => ticket.Wanted), ("intent", ticket => ticket.Intent),
        ("contextTool", ticket => ticket.ContextTool), ("contextApp", ticket => ticket.ContextApp), ("suggestedShape", ticket => ticket.SuggestedShape),
        ("backendId", ticket => ticket.BackendId), ("backendTicketId", ticket => ticket.BackendTicketId), ("backendStatus", ticket => ticket.BackendStatus),
        ("personId", ticket => ticket.PersonId), ("clientId", ticket => ticket.ClientId), ("reports", ticket => ticket.Reports),
        ("createdAt", ticket => ticket.CreatedAt), ("refreshedAt", ticket => ticket.RefreshedAt),
    ];

    /// <summary>Media type <c>application/jsonl</c>.</summary>
    public Task WriteJsonLinesAsync(TicketQuery query, Stream output, CancellationToken cancellationToken) =>
        WriteAsync(query, output, "", ticket => JsonSerializer.Serialize(ticket, TicketExportJson.Default.NeedTicket) + "\n", cancellationToken);

    /// <summary>Media type <c>text/csv; charset=utf-8; header=present</c>.</summary>
    public Task WriteCsvAsync(TicketQuery query, Stream output, CancellationToken cancellationToken) =>
        WriteAsync(
            query,
            output,
            string.Join(',', Columns.Select(column => column.Name)) + "\r\n",
            ticket => string.Join(',', Columns.Select(column => Field(column.Value(ticket)))) + "\r\n",
            cancellationToken);

    private async Task WriteAsync(TicketQuery query, Stream output, string head, Func<NeedTicket, string> write, CancellationToken cancellationToken)
    {
        await output.WriteAsync(Encoding.UTF8.GetBytes(head), cancellationToken);
        TicketCursor? before = null;
        while (await needs.ListTicketsAsync(query, before, Page, cancellationToken) is { Count: > 0 } page)
        {
            await output.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(page.Select(write))), cancellationToken);
            before = new TicketCursor(page[^1].CreatedAt, page[^1].Id);
        }
    }

    private static string Field(object? value)
    {
        var text = FormattableString.Invariant($"{value}");
        if (value is string && (text is ['\t' or '\r' or '\n', ..] || text.AsSpan().TrimStart() is ['=' or '+' or '-' or '@' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20', ..]))
            text = "'" + text;
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}

/// <summary>How tickets are exported.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NeedTicket))]
internal sealed partial class TicketExportJson : JsonSerializerContext;
