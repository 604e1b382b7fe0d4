using Cortex.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Cortex.Identity.AuthorizationServer.Storage;

/// <summary>Puts Entity Framework on the gateway's one database, with the same file mode, timeouts and pool as everyone else.</summary>
internal static class AuthorizationStorage
{
    public static void Configure(DbContextOptionsBuilder options, Database database)
    {
        switch (database)
        {
            case SqliteDatabase sqlite:
                // Write-ahead mode is a property of the file; the busy timeout travels in the connection string.
                sqlite.PrepareFile();
                options.UseSqlite(sqlite.ConnectionString);
                break;
            case PostgreSqlDatabase postgreSql:
                options.UseNpgsql(postgreSql.DataSource);
                break;
            default:
                throw new NotSupportedException($"The authorization server has no stores for {database.Description}.");
        }
    }
}
