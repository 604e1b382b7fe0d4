using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Sealing;

/// <summary>From YAML to keys: what <c>storage:</c> and <c>vault:</c> say is what the registrations do.</summary>
internal sealed class SealingConfigurationTests
{
    private string _folder = "";

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("cortex-yaml-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Configured_key_seals_and_the_database_lies_beside_the_configuration()
    {
        await using var app = await PrepareAsync("""
            storage:
              database: sqlite:data/cortex.db
              migrate: onStart
            vault:
              keys:
                - id: "2026-07"
                  key: ${env:VAULT_KEY}
            """);
        var record = app.Services.GetRequiredService<Sealer>().Seal("text"u8, "test");
        Assert.That(SealedLayout.FindKeyId(record), Is.EqualTo("2026-07"));
        Assert.That(app.Services.GetRequiredService<SigningKeys>().Active(KeyPurpose.Issuer).KeyId, Is.Not.Empty);
        Assert.That(Directory.GetFiles(Path.Combine(_folder, "data")).Select(Path.GetFileName), Does.Contain("cortex.db").And.Not.Contain("cortex.key"));
    }

    [Test]
    public async Task Empty_configuration_makes_a_key_file_beside_the_database()
    {
        await using var app = await PrepareAsync("gateway: {}");
        Assert.That(File.Exists(Path.Combine(_folder, "data", "cortex.key")));
        Assert.That(app.Services.GetRequiredService<ISharedState>(), Is.InstanceOf<InProcessSharedState>());
    }

    [Test]
    public void Migrate_never_on_an_empty_database_refuses_the_start() =>
        Assert.That(
            async () => await PrepareAsync("storage: { migrate: never }"),
            Throws.InstanceOf<MigrationException>().With.Message.Contain("cortex migrate"));

    private async Task<WebApplication> PrepareAsync(string yaml)
    {
        var file = Path.Combine(_folder, "cortex.yaml");
        await File.WriteAllTextAsync(file, yaml);
        var environment = new Dictionary<string, string?> { ["VAULT_KEY"] = new string('a', 64) };
        var live = LiveConfiguration.Load(file, [GatewaySection.Section, StorageRegistration.Section, SealingRegistration.Section], environment);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.AddStorage(live);
        builder.AddSealing(live);
        var app = builder.Build();
        foreach (var preparation in app.Services.GetServices<IPreparation>())
        {
            await preparation.PrepareAsync(default);
        }

        return app;
    }
}
