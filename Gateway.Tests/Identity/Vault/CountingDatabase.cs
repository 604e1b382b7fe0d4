using System.Data.Common;
using Cortex.Foundation.Storage;

namespace Cortex.Tests.Identity.Vault;

/// <summary>A database that counts how often it is opened.</summary>
internal sealed class CountingDatabase(Database database) : Database
{
    private int _opened;

    public int Opened => Volatile.Read(ref _opened);

    public override DatabaseDialect Dialect => database.Dialect;

    public override string Description => database.Description;

    public override DbConnection Open()
    {
        Interlocked.Increment(ref _opened);
        return database.Open();
    }

    public override ValueTask<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _opened);
        return database.OpenAsync(cancellationToken);
    }

    public override void Dispose() => database.Dispose();
}
