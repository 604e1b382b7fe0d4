using System.Data.Common;
using Cortex.Foundation.Storage;
using Dapper;

namespace Cortex.Feedback.Triage;

/// <summary>Reads needs and what belongs to them, for operators.</summary>
internal sealed class NeedStore(Database database)
{
    private const string Columns = """
        n.id, n.title, n.context_app AS contextApp, n.context_tool AS contextTool, n.state, n.resolution, n.backend_id AS backendId, n.merged_into AS mergedInto,
        n.created_at AS createdAt, n.updated_at AS updatedAt,
        (SELECT COUNT(*) FROM tickets t WHERE t.need_id = n.id) AS tickets,
        (SELECT COUNT(DISTINCT t.owner) FROM tickets t WHERE t.need_id = n.id) AS callers,
        (SELECT COUNT(*) FROM tickets t WHERE t.need_id = n.id AND t.severity = 'blocking') AS blocking
        """;

    private const string TicketColumns = """
        t.id, t.need_id AS needId, t.person_id AS personId, t.client_id AS clientId, t.wanted, t.intent, t.severity, t.context_tool AS contextTool,
        t.context_app AS contextApp, t.suggested_shape AS suggestedShape, t.backend_id AS backendId, t.backend_ticket_id AS backendTicketId,
        t.backend_status AS backendStatus, n.state, n.resolution, t.reports, t.created_at AS createdAt, t.refreshed_at AS refreshedAt, t.wish_digest AS wishDigest
        """;

    public static Task<NeedView?> FindAsync(DbTransaction transaction, NeedId id, CancellationToken cancellationToken) =>
        transaction.FindAsync<NeedView>($"SELECT {Columns} FROM needs n WHERE n.id = @Id", new { Id = id.Value }, cancellationToken);

    public static Task<IReadOnlyList<NeedTicket>> TicketsAsync(DbTransaction transaction, NeedId id, CancellationToken cancellationToken) =>
        transaction.ReadAsync<NeedTicket>(
            $"SELECT {TicketColumns} FROM tickets t JOIN needs n ON n.id = t.need_id WHERE t.need_id = @Id ORDER BY t.created_at, t.id", new { Id = id.Value }, cancellationToken);

    public async Task<NeedDetail?> FindAsync(NeedId id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var parameters = new { Id = id.Value };
        if (await connection.QuerySingleOrDefaultAsync<NeedView>(Command($"SELECT {Columns} FROM needs n WHERE n.id = @Id")) is not { } need)
            return null;
        const string notes = "SELECT id, author, text, created_at AS createdAt FROM need_notes WHERE need_id = @Id ORDER BY created_at, id";
        const string links = "SELECT url, title, author, created_at AS createdAt FROM need_links WHERE need_id = @Id ORDER BY created_at, url";
        const string history = """
            SELECT author, change, before_json AS beforeJson, after_json AS afterJson, created_at AS createdAt FROM need_history WHERE need_id = @Id ORDER BY id
            """;
        return new NeedDetail(
            need,
            [.. await connection.QueryAsync<NeedNote>(Command(notes))],
            [.. await connection.QueryAsync<NeedLink>(Command(links))],
            [.. await connection.QueryAsync<NeedHistoryEntry>(Command(history))]);

        CommandDefinition Command(string sql) => new(sql, parameters, cancellationToken: cancellationToken);
    }

    /// <summary>Needs, newest first.</summary>
    public async Task<IReadOnlyList<NeedView>> ListAsync(NeedQuery query, TicketCursor? before, int most, CancellationToken cancellationToken)
    {
        const string sql = $"""
            SELECT {Columns} FROM needs n
            WHERE (n.created_at < @At OR (n.created_at = @At AND n.id < @Id))
              AND (@State IS NULL OR n.state = @State) AND (@Backend IS NULL OR n.backend_id = @Backend)
              AND (@Text IS NULL OR LOWER(n.title) LIKE @Text ESCAPE '!')
              AND (@Severity IS NULL OR EXISTS (SELECT 1 FROM tickets s WHERE s.need_id = n.id AND s.severity = @Severity))
            ORDER BY n.created_at DESC, n.id DESC
            LIMIT @most
            """;
        var from = before ?? TicketCursor.Newest;
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<NeedView>(new CommandDefinition(
            sql,
            new { from.At, from.Id, State = query.State?.Word(), Backend = query.Backend?.Value, Text = Pattern(query.Text), Severity = query.Severity?.Word(), most },
            cancellationToken: cancellationToken))];
    }

    /// <summary>A ticket, whoever reported it; null when there is none.</summary>
    public async Task<NeedTicket?> FindTicketAsync(TicketId id, CancellationToken cancellationToken)
    {
        const string sql = $"SELECT {TicketColumns} FROM tickets t JOIN needs n ON n.id = t.need_id WHERE t.id = @Id";
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<NeedTicket>(new CommandDefinition(sql, new { Id = id.Value }, cancellationToken: cancellationToken));
    }

    /// <summary>Tickets, newest first.</summary>
    public async Task<IReadOnlyList<NeedTicket>> ListTicketsAsync(TicketQuery query, TicketCursor? before, int most, CancellationToken cancellationToken)
    {
        const string sql = $"""
            SELECT {TicketColumns} FROM tickets t JOIN needs n ON n.id = t.need_id
            WHERE (t.created_at < @At OR (t.created_at = @At AND t.id < @Id)) AND (@Need IS NULL OR t.need_id = @Need)
              AND (@State IS NULL OR n.state = @State) AND (@Backend IS NULL OR t.backend_id = @Backend)
              AND (@Text IS NULL OR LOWER(t.wanted) LIKE @Text ESCAPE '!') AND (@Severity IS NULL OR t.severity = @Severity)
            ORDER BY t.created_at DESC, t.id DESC
            LIMIT @most
            """;
        var from = before ?? TicketCursor.Newest;
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<NeedTicket>(new CommandDefinition(
            sql,
            new
            {
                from.At,
                from.Id,
                Need = query.Need?.Value,
                State = query.State?.Word(),
                Backend = query.Backend?.Value,
                Text = Pattern(query.Text),
                Severity = query.Severity?.Word(),
                most,
            },
            cancellationToken: cancellationToken))];
    }

    private static string? Pattern(string? text) => string.IsNullOrWhiteSpace(text)
        ? null
        : $"%{text.Trim().ToLowerInvariant().Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal)}%";
}
