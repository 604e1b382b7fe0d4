using System.Data.Common;
using Cortex.Foundation.Storage;
using Dapper;

namespace Cortex.Feedback;

/// <summary>The table <c>tickets</c>. Every look-up for a caller names the owner.</summary>
internal sealed class TicketStore(Database database)
{
    private const string Columns = """
        t.id, t.need_id AS needId, t.wanted, t.intent, t.severity, t.context_tool AS contextTool, t.context_app AS contextApp,
        t.suggested_shape AS suggestedShape, t.backend_id AS backendId, t.backend_ticket_id AS backendTicketId, t.backend_status AS backendStatus,
        t.reports, t.created_at AS createdAt, t.refreshed_at AS refreshedAt, n.state, n.resolution
        """;

    /// <summary>The ticket of this owner with this id; another's is not found.</summary>
    public async Task<TicketRow?> FindAsync(string owner, string id, CancellationToken cancellationToken)
    {
        const string sql = $"SELECT {Columns} FROM tickets t JOIN needs n ON n.id = t.need_id WHERE t.owner = @owner AND t.id = @id";
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<TicketRow>(new CommandDefinition(sql, new { owner, id }, cancellationToken: cancellationToken));
    }

    /// <summary>The owner's tickets, newest first.</summary>
    /// <param name="before">Only those behind this one; null from the newest on.</param>
    public async Task<IReadOnlyList<TicketRow>> ListAsync(string owner, TicketCursor? before, int most, CancellationToken cancellationToken)
    {
        const string sql = $"""
            SELECT {Columns} FROM tickets t JOIN needs n ON n.id = t.need_id
            WHERE t.owner = @owner AND (t.created_at < @At OR (t.created_at = @At AND t.id < @Id))
            ORDER BY t.created_at DESC, t.id DESC
            LIMIT @most
            """;
        var from = before ?? TicketCursor.Newest;
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<TicketRow>(new CommandDefinition(sql, new { owner, from.At, from.Id, most }, cancellationToken: cancellationToken))];
    }

    /// <summary>Which backends' tickets are this owner's tickets here.</summary>
    public async Task<IReadOnlyList<LinkedTicket>> LinkedAsync(string owner, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT backend_id AS backendId, backend_ticket_id AS backendTicketId FROM tickets WHERE owner = @owner AND backend_id IS NOT NULL AND backend_ticket_id IS NOT NULL
            """;
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<LinkedTicket>(new CommandDefinition(sql, new { owner }, cancellationToken: cancellationToken))];
    }

    /// <summary>The owner's ticket about this need that was reported since <paramref name="since"/>, if any.</summary>
    public static Task<TicketRow?> FindRecentAsync(DbTransaction transaction, string owner, string needId, long since, CancellationToken cancellationToken)
    {
        const string sql = $"""
            SELECT {Columns} FROM tickets t JOIN needs n ON n.id = t.need_id
            WHERE t.owner = @owner AND t.need_id = @needId AND t.refreshed_at >= @since
            ORDER BY t.refreshed_at DESC
            LIMIT 1
            """;
        return transaction.FindAsync<TicketRow>(sql, new { owner, needId, since }, cancellationToken);
    }

    public static Task InsertAsync(
        DbTransaction transaction, TicketId id, Reporter reporter, string needId, string digest, MissingCapability report, string? backend, long now, CancellationToken cancellationToken)
    {
        const string sql = """
            INSERT INTO tickets (id, owner, person_id, client_id, need_id, wish_digest, wanted, intent, severity, context_tool, context_app, suggested_shape,
                                 backend_id, reports, created_at, refreshed_at)
            VALUES (@Id, @Owner, @PersonId, @ClientId, @needId, @digest, @WhatIWanted, @UserIntent, @Severity, @ContextTool, @ContextApp, @SuggestedShape,
                    @backend, 1, @now, @now)
            """;
        return transaction.RunAsync(
            sql,
            new
            {
                Id = id.Value,
                reporter.Owner,
                reporter.PersonId,
                reporter.ClientId,
                needId,
                digest,
                report.WhatIWanted,
                report.UserIntent,
                Severity = report.Severity.Word(),
                report.ContextTool,
                report.ContextApp,
                report.SuggestedShape,
                backend,
                now,
            },
            cancellationToken);
    }

    /// <summary>The same wish again: what was left out before is filled in, and the severity never falls.</summary>
    public static Task RefreshAsync(DbTransaction transaction, string id, MissingCapability report, Severity severity, long now, CancellationToken cancellationToken)
    {
        const string sql = """
            UPDATE tickets
            SET reports = reports + 1, refreshed_at = @now, severity = @Severity, intent = COALESCE(intent, @UserIntent),
                suggested_shape = COALESCE(suggested_shape, @SuggestedShape)
            WHERE id = @id
            """;
        return transaction.RunAsync(sql, new { id, now, Severity = severity.Word(), report.UserIntent, report.SuggestedShape }, cancellationToken);
    }
}

/// <summary>A backend's ticket that belongs to one of the gateway's.</summary>
internal sealed record LinkedTicket(string BackendId, string BackendTicketId);
