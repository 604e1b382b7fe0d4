using System.Data.Common;
using Cortex.Foundation.Storage;
using Dapper;

namespace Cortex.Feedback.Webhook;

/// <summary>
/// The table <c>webhook_deliveries</c>: events that were written together with what they tell of, and wait to be sent. A row is claimed for a while by one
/// replica; when that one dies, another takes it over. Delivered rows are removed, given up ones stay as dead letters.
/// </summary>
internal sealed class WebhookOutbox(Database database, TimeProvider time)
{
    private const string Pending = "pending";
    private const string Dead = "dead";

    private const string Columns = """
        id, ticket_id AS ticketId, body, attempts, created_at AS createdAt, give_up_at AS giveUpAt, error
        """;

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <summary>Adds an event within the transaction of its cause.</summary>
    public static Task AddAsync(DbTransaction transaction, string ticketId, string body, DateTimeOffset now, TimeSpan giveUpAfter, CancellationToken cancellationToken)
    {
        const string sql = """
            INSERT INTO webhook_deliveries (id, ticket_id, body, state, attempts, created_at, give_up_at, next_at, leased_until)
            VALUES (@Id, @ticketId, @body, @Pending, 0, @Now, @GiveUpAt, @Now, 0)
            """;
        return transaction.RunAsync(
            sql,
            new
            {
                Id = "msg_" + Guid.CreateVersion7(now).ToString("N"),
                ticketId,
                body,
                Pending,
                Now = now.ToUnixTimeMilliseconds(),
                GiveUpAt = (now + giveUpAfter).ToUnixTimeMilliseconds(),
            },
            cancellationToken);
    }

    /// <summary>Takes the event that is due longest; null when none is.</summary>
    public async Task<WebhookDelivery?> ClaimAsync(CancellationToken cancellationToken)
    {
        const string sql = $"""
            UPDATE webhook_deliveries SET leased_until = @until, attempts = attempts + 1
            WHERE state = @Pending AND leased_until <= @now AND id = (
                SELECT id FROM webhook_deliveries WHERE state = @Pending AND next_at <= @now AND leased_until <= @now ORDER BY next_at, id LIMIT 1)
            RETURNING {Columns}
            """;
        var now = time.GetUtcNow();
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<WebhookDelivery>(new CommandDefinition(
            sql, new { Pending, now = now.ToUnixTimeMilliseconds(), until = (now + Lease).ToUnixTimeMilliseconds() }, cancellationToken: cancellationToken));
    }

    /// <summary>The receiver has it.</summary>
    public Task DoneAsync(WebhookDelivery delivery, CancellationToken cancellationToken) =>
        ExecuteAsync("DELETE FROM webhook_deliveries WHERE id = @Id", new { delivery.Id }, cancellationToken);

    /// <summary>It did not go.</summary>
    /// <param name="next">When it is tried again; null: it is given up.</param>
    public Task FailedAsync(WebhookDelivery delivery, string error, DateTimeOffset? next, CancellationToken cancellationToken)
    {
        const string sql = "UPDATE webhook_deliveries SET state = @State, next_at = @Next, leased_until = 0, error = @error WHERE id = @Id";
        return ExecuteAsync(
            sql,
            new { delivery.Id, error, State = next is null ? Dead : Pending, Next = (next ?? time.GetUtcNow()).ToUnixTimeMilliseconds() },
            cancellationToken);
    }

    /// <summary>The dead letters, oldest first.</summary>
    /// <param name="after">Id of the last one of the page before; null from the oldest on.</param>
    public async Task<IReadOnlyList<WebhookDelivery>> DeadLettersAsync(string? after, int most, CancellationToken cancellationToken)
    {
        const string sql = $"SELECT {Columns} FROM webhook_deliveries WHERE state = @Dead AND id > @after ORDER BY id LIMIT @most";
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<WebhookDelivery>(new CommandDefinition(sql, new { Dead, after = after ?? "", most }, cancellationToken: cancellationToken))];
    }

    /// <summary>Has a dead letter tried anew, as if it were fresh; false when there is none with this id.</summary>
    public async Task<bool> RetryAsync(string id, TimeSpan giveUpAfter, CancellationToken cancellationToken)
    {
        const string sql = """
            UPDATE webhook_deliveries SET state = @Pending, attempts = 0, next_at = @Now, give_up_at = @GiveUpAt, leased_until = 0
            WHERE id = @id AND state = @Dead
            """;
        var now = time.GetUtcNow();
        return await ExecuteAsync(
            sql, new { id, Pending, Dead, Now = now.ToUnixTimeMilliseconds(), GiveUpAt = (now + giveUpAfter).ToUnixTimeMilliseconds() }, cancellationToken) > 0;
    }

    private async Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
    }
}

/// <summary>An event and its attempts.</summary>
internal sealed record WebhookDelivery
{
    /// <summary>The value of <c>webhook-id</c>.</summary>
    public string Id { get; init; } = "";

    public string TicketId { get; init; } = "";

    public string Body { get; init; } = "";

    /// <summary>Attempts so far, one under way included.</summary>
    public long Attempts { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Unix milliseconds after which it is not tried again.</summary>
    public long GiveUpAt { get; init; }

    /// <summary>Why the last attempt failed; null before the first.</summary>
    public string? Error { get; init; }
}
