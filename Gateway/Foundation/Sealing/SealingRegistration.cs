using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Cortex.Foundation.Sealing;

/// <summary>Puts the key ring, the sealer, the signing keys and ASP.NET Data Protection into the container.</summary>
internal static class SealingRegistration
{
    private const string KeyFileName = "cortex.key";

    internal static ConfigurationSection Section { get; } =
        new ConfigurationSection<VaultOptions>("vault", VaultOptionsValidator.Validate, hotReload: false);

    /// <summary>Preparation: the keys. Call after <c>AddStorage</c>, whose preparations must have run.</summary>
    internal static void AddSealing(this WebApplicationBuilder builder, LiveConfiguration configuration) =>
        builder.Services.AddSealing(configuration.Get<VaultOptions>(), configuration.BaseDirectory);

    /// <param name="baseDirectory">Where <c>data/</c> is, for the key file of a gateway on PostgreSQL.</param>
    internal static IServiceCollection AddSealing(this IServiceCollection services, VaultOptions options, string baseDirectory)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => new KeyRing([.. options.Keys.Select(Read)]));
        services.AddSingleton(provider => new KeyFile(
            options.KeyFile is { } path ? Path.Combine(baseDirectory, path) : KeyFilePath(provider.GetRequiredService<Database>(), baseDirectory),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<KeyFile>>()));
        services.AddSingleton<Sealer>();
        services.AddSingleton(options);
        services.AddSingleton<KeyStore>();
        services.AddSingleton<ISealedRecords>(provider => provider.GetRequiredService<KeyStore>());
        services.AddSingleton<VaultKeyRotation>();
        services.AddSingleton<KeyFileWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyFileWatch>());
        services.AddSingleton<SigningKeys>();
        services.TryAddSingleton<CurrentKeySchedule>(_ => () => KeySchedule.Default);
        services.AddSingleton<SigningKeyLoader>();
        services.AddSingleton<KeyRotation>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyRotation>());
        services.AddSingleton<IPreparation, SealingPreparation>();

        services.AddSingleton<SealedXmlRepository>();
        services.AddDataProtection().SetApplicationName("Cortex");
        services.AddOptions<KeyManagementOptions>().Configure<SealedXmlRepository>((management, repository) =>
        {
            management.XmlRepository = repository;

            // The repository seals; without an encryptor named here, the framework would warn that nothing does.
            management.XmlEncryptor = new NullXmlEncryptor();
        });
        return services;
    }

    private static SealingKey Read(VaultKeyOptions options) => SealingKey.TryReadMaterial(options.Key?.Reveal(), out var material)
        ? new SealingKey(options.Id, material)
        : throw new InvalidOperationException("vault.keys was not validated.");

    private static string KeyFilePath(Database database, string baseDirectory) => database is SqliteDatabase sqlite
        ? Path.Combine(Path.GetDirectoryName(sqlite.Path)!, KeyFileName)
        : Path.Combine(baseDirectory, "data", KeyFileName);
}
