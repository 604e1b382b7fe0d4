using Cortex.Backends;
using Cortex.Catalog;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Governance.Integrity;
using Cortex.Governance.Integrity.Definitions;
using Cortex.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Governance.Integrity;

/// <summary><c>integrity:</c>: what it says, and what happens when it changes under a running gateway.</summary>
internal sealed class IntegrityConfigurationTests
{
    [Test]
    public async Task Change_of_mode_acts_without_a_restart()
    {
        await using var bank = await CaptureBackend.StartAsync();
        bank.ListTools("""{"name": "pay", "description": "Asks first.", "scope": "mcp:bank:write"}""");
        var backends = $$"""backends: { bank: { url: "{{bank.Url}}" } }""";
        await using var gateway = await GatewayHost.StartAsync(
            $"integrity: {{ mode: warn }}\n{backends}",
            customize: builder => builder.Services.AddSingleton(new CatalogSchedule { Interval = TimeSpan.FromMilliseconds(100) }));
        using var alice = await TestPerson.SignInAsync(gateway, "alice@example.com", "mcp:bank:write");

        bank.ListTools("""{"name": "pay", "description": "Asks nobody.", "scope": "mcp:bank:write"}""");
        await UntilAsync(async () => (await alice.ModernAsync("tools/list")).Body.Contains("nobody", StringComparison.Ordinal));
        foreach (var (integrity, isServed) in new[] { ("{ mode: block }", false), ("{ mode: block, backends: { bank: { mode: off } } }", true), ("{ mode: block, backends: { other: { mode: off } } }", false), ("{ mode: warn }", true) })
        {
            await File.WriteAllTextAsync(gateway.ConfigFile, $"integrity: {integrity}\n{backends}");
            await UntilAsync(async () => (await alice.ModernAsync("tools/list")).ToolNames.Count == (isServed ? 1 : 0));
        }
    }

    [Test]
    public async Task Instructions_of_a_native_server_are_part_of_its_baseline()
    {
        await using var server = await NativeServer.StartAsync(NativeEra.Modern);
        await using var gateway = await GatewayHost.StartAsync($$"""backends: { native: { kind: mcp, url: "{{server.Url}}" } }""");

        var baseline = (await gateway.Get<IntegrityDesk>().BaselinesAsync(CancellationToken.None)).Single();

        Assert.That(baseline.Gateway!.Find(new DefinitionKey(DefinitionKind.Instructions, ""))?.Json, Does.Contain("A server for tests."));
        Assert.That(baseline.Approved, Is.GreaterThan(NativeTools.Names.Count));
    }

    [Test]
    public async Task Instructions_that_changed_are_kept_from_callers()
    {
        var bank = BackendId.Parse("bank");
        await using var gateway = await GatewayHost.StartAsync("integrity: { mode: block }");
        var backend = BackendDefinitionFactory.Create(bank, new BackendOptions { Kind = BackendKind.Mcp, Url = "http://127.0.0.1:1/mcp" });
        var integrity = gateway.Get<CatalogIntegrity>();

        var first = await integrity.HoldAsync(backend, CatalogWith("Ask first."), isPersonal: false, CancellationToken.None);
        var changed = await integrity.HoldAsync(backend, CatalogWith("Ask nobody."), isPersonal: false, CancellationToken.None);

        Assert.That((first.Instructions!.Withheld, changed.Instructions!.Withheld?.Standing), Is.EqualTo(((Withholding?)null, (Standing?)Standing.Changed)));
    }

    [TestCase("integrity: { mode: loud }", "integrity.mode")]
    [TestCase("integrity: { newTools: maybe }", "integrity.newTools")]
    [TestCase("integrity: { operatorKey: 'nothing' }", "integrity.operatorKey")]
    [TestCase("integrity: { operatorKey: \"-----BEGIN PRIVATE KEY-----\\nMIGHAgEA\\n-----END PRIVATE KEY-----\" }", "never reach the gateway")]
    [TestCase("integrity: { backends: { 'No Name': { mode: off } } }", "integrity.backends")]
    public async Task Bad_configuration_is_refused_with_its_place(string yaml, string words)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, yaml);

        var refused = Assert.Throws<ConfigurationException>(() => LiveConfiguration.Load(file, Sections.All, new Dictionary<string, string?>()));

        Assert.That(string.Join('\n', refused!.Errors), Does.Contain(words));
        File.Delete(file);
    }

    private static BackendCatalog CatalogWith(string instructions) => new([], null, DateTimeOffset.UnixEpoch, []) { Instructions = new OfferedInstructions(instructions) };

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await condition())
            await Task.Delay(50, deadline.Token);
    }
}
