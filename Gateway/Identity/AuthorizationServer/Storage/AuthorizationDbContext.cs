using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Cortex.Identity.AuthorizationServer.Storage;

/// <summary>
/// OpenIddict's entities in the naming of the migrations: snake_case, texts without a length, moments as unix milliseconds. The tables are
/// made by migration 0003; Entity Framework only reads and writes them.
/// </summary>
internal sealed class AuthorizationDbContext(DbContextOptions<AuthorizationDbContext> options) : DbContext(options)
{
    private static readonly ValueConverter<DateTime, long> Moments = new(
        moment => ToMilliseconds(moment),
        milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.UseOpenIddict();
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            entity.SetTableName(SnakeCase.From(entity.GetTableName()!.Replace("OpenIddict", "Openiddict", StringComparison.Ordinal)));
            foreach (var property in entity.GetProperties())
                Fit(property);
        }
    }

    private static void Fit(IMutableProperty property)
    {
        property.SetColumnName(SnakeCase.From(property.Name));
        property.SetMaxLength(null);
        if (property.ClrType == typeof(DateTime?))
            property.SetValueConverter(Moments);
    }

    private static long ToMilliseconds(DateTime moment) =>
        new DateTimeOffset(DateTime.SpecifyKind(moment, DateTimeKind.Utc)).ToUnixTimeMilliseconds();
}
