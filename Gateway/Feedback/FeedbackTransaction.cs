using System.Data.Common;
using Cortex.Foundation.Storage;
using Dapper;
using Npgsql;

namespace Cortex.Feedback;

/// <summary>
/// One writer of tickets and needs at a time, over all replicas: whoever compares a wish with those that are there must not be overtaken.
/// SQLite has one writer anyway; PostgreSQL holds an advisory lock until the transaction ends. Callers of this process queue before they take a connection.
/// </summary>
internal sealed class FeedbackTransaction(Database database) : IDisposable
{
    private const long LockId = 0x436F72746578_01;

    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Runs <paramref name="work"/> alone; what it wrote is kept when it returns, and nothing when it throws.</summary>
    public async Task<T> RunAsync<T>(Func<DbTransaction, Task<T>> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await database.OpenAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            if (database.Dialect == DatabaseDialect.PostgreSql)
                await transaction.RunAsync("SELECT pg_advisory_xact_lock(@LockId)", new { LockId }, cancellationToken);
            var result = await work(transaction);
            await transaction.CommitAsync(cancellationToken);
            return result;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}

/// <summary>Statements inside a transaction.</summary>
internal static class TransactionStatements
{
    /// <summary>The condition that a column is one of an array, in the words of the dialect.</summary>
    public static string AnyOf(this DbTransaction transaction, string parameter) => transaction is NpgsqlTransaction ? $"= ANY(@{parameter})" : $"IN @{parameter}";

    public static Task<int> RunAsync(this DbTransaction transaction, string sql, object parameters, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken));

    public static async Task<IReadOnlyList<T>> ReadAsync<T>(this DbTransaction transaction, string sql, object parameters, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<T>(new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken))];

    public static Task<T?> FindAsync<T>(this DbTransaction transaction, string sql, object parameters, CancellationToken cancellationToken) =>
        transaction.Connection!.QueryFirstOrDefaultAsync<T>(new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken));
}
