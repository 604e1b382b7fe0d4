using Cortex.Foundation.Model;

namespace Cortex.Foundation.Storage;

/// <summary>Brings the schema up to date before anything reads it; with <c>migrate: never</c> only checks that it is.</summary>
internal sealed class MigrationPreparation(DatabaseMigrator migrator, Database database, StorageOptions options) : IPreparation
{
    public Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (options.Migrate == MigrateMode.OnStart)
        {
            migrator.Migrate(cancellationToken);
            return Task.CompletedTask;
        }

        var pending = migrator.FindPending();
        return pending.Count == 0
            ? Task.CompletedTask
            : throw new MigrationException(
                $"{database.Description} lacks the migrations {string.Join(", ", pending)}, and storage.migrate is 'never'. Run 'cortex migrate' first.");
    }
}
