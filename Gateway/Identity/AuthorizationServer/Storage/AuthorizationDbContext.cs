using Microsoft.EntityFrameworkCore;
using OpenIddict.EntityFrameworkCore.Models;

namespace Cortex.Identity.AuthorizationServer.Storage;

/// <summary>
/// OpenIddict's entities in the naming of the migrations: snake_case, texts without a length. The tables are made by the migrations; Entity
/// Framework only reads and writes them. Moments keep the provider's own type, unlike elsewhere: OpenIddict's queries compare them with the
/// database's clock.
/// </summary>
internal sealed class AuthorizationDbContext(DbContextOptions<AuthorizationDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.UseOpenIddict();
        modelBuilder.Entity<OpenIddictEntityFrameworkCoreAuthorization>().HasIndex(grant => new { grant.Subject, grant.Status });
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            entity.SetTableName(SnakeCase.From(entity.GetTableName()!.Replace("OpenIddict", "Openiddict", StringComparison.Ordinal)));
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(SnakeCase.From(property.Name));
                property.SetMaxLength(null);
            }
        }
    }
}
