using System.Data.Common;

namespace Cortex.Foundation.Storage;

/// <summary>
/// The database that holds the truth. Connections are pooled: open one for each unit of work and dispose it. Thread-safe.
/// Rooms whose SQL differs between the dialects switch on <see cref="Dialect"/>; most SQL does not.
/// </summary>
internal abstract class Database : IDisposable
{
    public abstract DatabaseDialect Dialect { get; }

    /// <summary>Which database this is, for messages: without user or password.</summary>
    public abstract string Description { get; }

    /// <summary>An open connection, for callers whose framework leaves them no asynchronous way.</summary>
    public abstract DbConnection Open();

    /// <summary>An open connection; disposing it gives it back to the pool.</summary>
    public abstract ValueTask<DbConnection> OpenAsync(CancellationToken cancellationToken);

    public abstract void Dispose();
}
