using System.Data.Common;
using Cortex.Foundation.Storage;
using Dapper;

namespace Cortex.Feedback.Handover;

/// <summary>The table <c>ticket_handovers</c>: tickets that their backends have not taken yet. A row is claimed for a while before it is sent, by one replica.</summary>
internal sealed class HandoverStore(Database database, TimeProvider time)
{
    /// <summary>Attempts after which a ticket waits for an operator.</summary>
    public const int MaxAttempts = 20;

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <summary>Notes, together with the ticket, that it is to be passed on.</summary>
    public static Task AddAsync(DbTransaction transaction, TicketId ticket, string owner, string backend, long now, CancellationToken cancellationToken)
    {
        const string sql = """
            INSERT INTO ticket_handovers (ticket_id, owner, backend_id, attempts, created_at, leased_until)
            VALUES (@Ticket, @owner, @backend, 0, @now, 0)
            """;
        return transaction.RunAsync(sql, new { Ticket = ticket.Value, owner, backend, now }, cancellationToken);
    }

    /// <summary>Whether this owner has tickets that wait.</summary>
    public async Task<bool> AnyAsync(string owner, CancellationToken cancellationToken)
    {
        const string sql = "SELECT COUNT(*) FROM ticket_handovers WHERE owner = @owner AND attempts < @MaxAttempts";
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(sql, new { owner, MaxAttempts }, cancellationToken: cancellationToken)) > 0;
    }

    /// <summary>Takes the owner's waiting tickets; those that another replica holds are left to it.</summary>
    public async Task<IReadOnlyList<HandoverRow>> ClaimAsync(string owner, CancellationToken cancellationToken)
    {
        const string sql = """
            UPDATE ticket_handovers SET leased_until = @until, attempts = attempts + 1
            WHERE owner = @owner AND leased_until <= @now AND attempts < @MaxAttempts
            RETURNING ticket_id AS ticketId, backend_id AS backendId
            """;
        var now = time.GetUtcNow();
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<HandoverRow>(new CommandDefinition(
            sql,
            new { owner, MaxAttempts, now = now.ToUnixTimeMilliseconds(), until = (now + Lease).ToUnixTimeMilliseconds() },
            cancellationToken: cancellationToken))];
    }

    /// <summary>The backend has it: links its ticket to ours and forgets the row.</summary>
    public async Task DoneAsync(string ticketId, BackendTicket? ticket, CancellationToken cancellationToken)
    {
        const string link = "UPDATE tickets SET backend_ticket_id = @Id, backend_status = @Status WHERE id = @ticketId";
        const string forget = "DELETE FROM ticket_handovers WHERE ticket_id = @ticketId";
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await transaction.RunAsync(link, new { ticket?.Id, ticket?.Status, ticketId }, cancellationToken);
        await transaction.RunAsync(forget, new { ticketId }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Tickets whose attempts are used up, in the order of their ids.</summary>
    /// <param name="after">Id of the last one of the page before; null for the first page.</param>
    public async Task<IReadOnlyList<StuckHandover>> StuckAsync(TicketId? after, int most, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT ticket_id AS ticketId, backend_id AS backendId, attempts, created_at AS createdAt, error FROM ticket_handovers
            WHERE attempts >= @MaxAttempts AND ticket_id > @After
            ORDER BY ticket_id
            LIMIT @most
            """;
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<StuckHandover>(new CommandDefinition(sql, new { MaxAttempts, After = after?.Value ?? "", most }, cancellationToken: cancellationToken))];
    }

    /// <summary>Gives a stuck one its attempts back; false when there is none with this id. It goes when its caller is next here: no credential is kept.</summary>
    public async Task<bool> RetryAsync(TicketId ticket, CancellationToken cancellationToken)
    {
        const string sql = "UPDATE ticket_handovers SET attempts = 0, leased_until = 0 WHERE ticket_id = @Ticket AND attempts >= @MaxAttempts";
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(sql, new { Ticket = ticket.Value, MaxAttempts }, cancellationToken: cancellationToken)) > 0;
    }

    /// <summary>It did not go: notes why and lets go of it.</summary>
    public async Task FailedAsync(string ticketId, string error, CancellationToken cancellationToken)
    {
        const string sql = "UPDATE ticket_handovers SET leased_until = 0, error = @error WHERE ticket_id = @ticketId";
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(sql, new { ticketId, error }, cancellationToken: cancellationToken));
    }
}

/// <summary>A ticket that waits.</summary>
internal sealed record HandoverRow
{
    public string TicketId { get; init; } = "";

    public string BackendId { get; init; } = "";
}
