using System.Data.Common;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Dapper;

namespace Cortex.Catalog.Names;

/// <summary>The table <c>public_names</c>: of two replicas that give one name away at once, the first to write it decides.</summary>
internal sealed class NameStore(Database database, TimeProvider time)
{
    /// <summary>All names on record.</summary>
    public async Task<NameBook> LoadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            "SELECT kind, public_name AS publicName, backend_id AS backendId, own_name AS ownName, form FROM public_names", cancellationToken: cancellationToken));
        return rows.Aggregate(NameBook.Empty, (book, row) => book.With(row.ToClaim()));
    }

    /// <summary>Writes claims whose names are free, or those of backends that are no longer configured; the others are left out.</summary>
    public async Task ClaimAsync(IEnumerable<NameClaim> claims, Func<BackendId, bool> isConfigured, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // In one order, so that two replicas wait for each other instead of both giving up.
        foreach (var claim in claims.OrderBy(claim => claim.Owner.Kind).ThenBy(claim => claim.PublicName, StringComparer.Ordinal))
            await ClaimAsync(transaction, claim, isConfigured, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task ClaimAsync(DbTransaction transaction, NameClaim claim, Func<BackendId, bool> isConfigured, CancellationToken cancellationToken)
    {
        var values = new
        {
            Kind = KindName(claim.Owner.Kind),
            claim.PublicName,
            BackendId = claim.Owner.Backend.Value,
            OwnName = claim.Owner.Name,
            claim.Form,
            Now = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        await RunAsync("DELETE FROM public_names WHERE kind = @Kind AND backend_id = @BackendId AND own_name = @OwnName AND form <> @Form");
        var holder = await transaction.Connection!.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            "SELECT backend_id FROM public_names WHERE kind = @Kind AND public_name = @PublicName", values, transaction, cancellationToken: cancellationToken));
        if (holder is not null && BackendId.TryParse(holder, out var backend) && !isConfigured(backend))
            await RunAsync($"DELETE FROM public_names WHERE kind = @Kind AND public_name = @PublicName AND backend_id = '{backend}'");
        await RunAsync("""
            INSERT INTO public_names (kind, public_name, backend_id, own_name, form, claimed_at)
            VALUES (@Kind, @PublicName, @BackendId, @OwnName, @Form, @Now) ON CONFLICT DO NOTHING
            """);

        Task RunAsync(string sql) => transaction.Connection!.ExecuteAsync(new CommandDefinition(sql, values, transaction, cancellationToken: cancellationToken));
    }

    private static string KindName(CatalogKind kind) => kind == CatalogKind.Prompt ? "prompt" : "tool";

    private sealed record Row(string Kind, string PublicName, string BackendId, string OwnName, string Form)
    {
        public NameClaim ToClaim() => new(
            new NameOwner(Kind == "prompt" ? CatalogKind.Prompt : CatalogKind.Tool, Cortex.Foundation.Model.BackendId.Parse(BackendId), OwnName), PublicName, Form);
    }
}
