using Cortex.Backends;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Storage;
using Cortex.Identity.Callers;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Configuration;

internal sealed class ReloadTests
{
    [Test]
    public void Unchanged_files_change_nothing()
    {
        using var folder = new ConfigFolder();
        var live = folder.Load();
        File.SetLastWriteTimeUtc(folder.Main, DateTime.UnixEpoch);

        Assert.That(live.Reload(), Is.InstanceOf<ReloadResult.Unchanged>());
    }

    [Test]
    public void Changed_section_is_swapped_and_others_keep_their_object()
    {
        using var folder = new ConfigFolder();
        var live = folder.Load();
        var backends = live.Get<BackendsOptions>();
        var told = new List<string>();
        var toldOfBackends = 0;
        using var gateway = live.Monitor<GatewayOptions>().OnChange((options, _) => told.Add(options.Name));
        using var other = live.Monitor<BackendsOptions>().OnChange((_, _) => toldOfBackends++);
        var token = live.ChangeToken();
        folder.Write("cortex.yaml", "gateway: {name: Second}");

        var result = live.Reload();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result, Is.InstanceOf<ReloadResult.Accepted>().With.Property("Changed").EqualTo(new[] { "gateway" }));
            Assert.That(told, Is.EqualTo(new[] { "Second" }));
            Assert.That(toldOfBackends, Is.Zero);
            Assert.That(live.Get<BackendsOptions>(), Is.SameAs(backends));
            Assert.That(token.HasChanged, Is.True);
            Assert.That(live.ChangeToken().HasChanged, Is.False);
        }
    }

    [Test]
    public void Bad_main_file_keeps_what_runs_and_is_looked_at_once()
    {
        var time = new FakeTimeProvider();
        using var folder = new ConfigFolder("gateway: {name: First}");
        var live = folder.Load(time);
        var start = time.GetUtcNow();
        time.Advance(TimeSpan.FromMinutes(1));
        folder.Write("cortex.yaml", "gateway: {name: Second, colour: red}");

        var first = live.Reload();
        var second = live.Reload();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first, Is.InstanceOf<ReloadResult.Rejected>());
            Assert.That(second, Is.InstanceOf<ReloadResult.Unchanged>());
            Assert.That(live.Get<GatewayOptions>().Name, Is.EqualTo("First"));
            Assert.That(live.Status.Errors.Single().Path, Is.EqualTo("gateway.colour"));
            Assert.That(live.Status.LastGoodLoad, Is.EqualTo(start));
        }
    }

    [TestCase("cortex.yaml")]
    [TestCase("token")]
    public void File_that_vanishes_keeps_what_runs(string name)
    {
        using var folder = new ConfigFolder("storage: {redis: '${file:token}'}");
        folder.Write("token", "host");
        var live = folder.Load();
        File.Delete(folder.At(name));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(live.Reload(), Is.InstanceOf<ReloadResult.Rejected>());
            Assert.That(live.Get<StorageOptions>().Redis, Is.EqualTo("host"));
        }
    }

    [Test]
    public void Mended_main_file_clears_the_status()
    {
        var time = new FakeTimeProvider();
        using var folder = new ConfigFolder();
        var live = folder.Load(time);
        folder.Write("cortex.yaml", "gateway: [");
        live.Reload();
        time.Advance(TimeSpan.FromMinutes(1));
        folder.Write("cortex.yaml", "gateway: {name: Mended}");

        var result = live.Reload();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result, Is.InstanceOf<ReloadResult.Accepted>());
            Assert.That(live.Status.Errors, Is.Empty);
            Assert.That(live.Status.LastGoodLoad, Is.EqualTo(time.GetUtcNow()));
            Assert.That(live.Get<GatewayOptions>().Name, Is.EqualTo("Mended"));
        }
    }

    [Test]
    public void Content_of_a_referenced_file_is_watched()
    {
        using var folder = new ConfigFolder("backends: {a: {url: http://localhost:1, catalogToken: '${file:token}'}}");
        folder.Write("token", "first");
        var live = folder.Load();
        folder.Write("token", "second");

        live.Reload();

        Assert.That(live.Get<BackendsOptions>()["a"].CatalogToken!.Reveal(), Is.EqualTo("second"));
    }

    [Test]
    public void Last_try_is_told_beside_what_took_effect()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        using var folder = new ConfigFolder("gateway: {name: First}");
        var live = folder.Load(time);
        var start = live.LastTry;
        time.Advance(TimeSpan.FromHours(1));
        folder.Write("cortex.yaml", "gateway: {nmae: Typo}");
        live.Reload();
        var (rejected, runs) = (live.LastTry, live.Status.LastGoodLoad);
        time.Advance(TimeSpan.FromHours(1));
        live.Reload();
        var unchanged = live.LastTry;
        folder.Write("cortex.yaml", "gateway: {name: Second}");
        live.Reload();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((start.At, start.Outcome), Is.EqualTo((DateTimeOffset.UnixEpoch, ReloadOutcome.Accepted)));
            Assert.That((rejected.At, rejected.Outcome, runs), Is.EqualTo((DateTimeOffset.UnixEpoch.AddHours(1), ReloadOutcome.Rejected, DateTimeOffset.UnixEpoch)));
            Assert.That(unchanged, Is.SameAs(rejected));
            Assert.That((live.LastTry.At, live.LastTry.Outcome, live.Status.LastGoodLoad), Is.EqualTo((DateTimeOffset.UnixEpoch.AddHours(2), ReloadOutcome.Accepted, DateTimeOffset.UnixEpoch.AddHours(2))));
            Assert.That(live.LastTry.Changed, Is.EqualTo(new[] { "gateway" }));
        }
    }

    [Test]
    public void Section_that_needs_a_restart_keeps_its_running_values()
    {
        using var folder = new ConfigFolder("storage: {database: sqlite:one.db}");
        var live = folder.Load();
        folder.Write("cortex.yaml", "storage: {database: sqlite:two.db}\ngateway: {name: Second}");

        live.Reload();
        var pending = live.Status.PendingRestart;
        folder.Write("cortex.yaml", "storage: {database: sqlite:one.db}\ngateway: {name: Third}");
        live.Reload();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(pending, Is.EqualTo(new[] { "storage" }));
            Assert.That(live.Get<StorageOptions>().Database, Is.EqualTo("sqlite:one.db"));
            Assert.That(live.Get<GatewayOptions>().Name, Is.EqualTo("Third"));
            Assert.That(live.Status.PendingRestart, Is.Empty);
        }
    }

    [Test]
    public void Key_of_a_list_item_that_needs_a_restart_is_held_against_the_item_of_the_same_name()
    {
        const string Restarting = "browserClient: {clientId: before}";
        using var folder = new ConfigFolder($"identity: {{issuers: [{{issuer: 'https://a.example'}}, {{issuer: 'https://b.example', {Restarting}}}, {{issuer: 'https://c.example', {Restarting}}}]}}");
        var live = folder.Load();
        folder.Write("cortex.yaml", $"identity: {{issuers: [{{issuer: 'https://c.example', audience: changed, {Restarting}}}, {{issuer: 'https://b.example', browserClient: {{clientId: after}}}}, {{issuer: 'https://new.example', {Restarting}}}]}}");

        live.Reload();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(live.Get<IdentityOptions>().Issuers.Select(issuer => (issuer.Issuer, issuer.Audience, issuer.BrowserClient?.ClientId)), Is.EqualTo(new[]
            {
                ("https://c.example", "changed", "before"), ("https://b.example", null, "before"), ("https://new.example", null, (string?)null),
            }));
            Assert.That(live.Status.PendingRestart, Is.EqualTo(new[] { "identity.issuers[1].browserClient", "identity.issuers[2].browserClient" }));
        }
    }

    [Test]
    public void Key_that_needs_a_restart_keeps_its_running_value_beside_others_that_change()
    {
        using var folder = new ConfigFolder("gateway: {publicUrl: http://localhost:1}");
        var live = folder.Load();
        folder.Write("cortex.yaml", "gateway: {publicUrl: http://localhost:2, name: Second, management: {port: 9}}");

        live.Reload();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(live.Get<GatewayOptions>().PublicUrl, Is.EqualTo("http://localhost:1"));
            Assert.That(live.Get<GatewayOptions>().Management.Port, Is.Null);
            Assert.That(live.Get<GatewayOptions>().Name, Is.EqualTo("Second"));
            Assert.That(live.Status.PendingRestart, Is.EqualTo(new[] { "gateway.publicUrl", "gateway.management.port" }));
        }
    }

    [Test]
    public void Swapped_symlink_of_a_mounted_ConfigMap_is_seen()
    {
        using var folder = new ConfigFolder();
        folder.Write("mount/..v1/cortex.yaml", "gateway: {name: First}\ninclude: ['**/*.yaml']");
        folder.Write("mount/..v1/team.yaml", "backends: {one: {url: http://localhost:1}}");
        folder.Write("mount/..v2/cortex.yaml", "gateway: {name: Second}\ninclude: ['**/*.yaml']");
        folder.Write("mount/..v2/team.yaml", "backends: {two: {url: http://localhost:1}}");
        Directory.CreateSymbolicLink(folder.At("mount/..data"), "..v1");
        File.CreateSymbolicLink(folder.At("mount/cortex.yaml"), "..data/cortex.yaml");
        File.CreateSymbolicLink(folder.At("mount/team.yaml"), "..data/team.yaml");
        var live = LiveConfiguration.Load(folder.At("mount/cortex.yaml"), Sections.All, folder.Environment);
        var before = live.Get<BackendsOptions>();
        File.Delete(folder.At("mount/..data"));
        Directory.CreateSymbolicLink(folder.At("mount/..data"), "..v2");

        var result = live.Reload();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before.Keys, Is.EqualTo(new[] { "one" }));
            Assert.That(result, Is.InstanceOf<ReloadResult.Accepted>(), string.Join('\n', live.Status.Errors));
            Assert.That(live.Get<GatewayOptions>().Name, Is.EqualTo("Second"));
            Assert.That(live.Get<BackendsOptions>().Keys, Is.EqualTo(new[] { "two" }));
        }
    }

    [Test]
    public void Throwing_listener_keeps_nobody_else_from_being_told()
    {
        using var folder = new ConfigFolder();
        var live = folder.Load();
        var told = 0;
        using var first = live.Monitor<GatewayOptions>().OnChange((_, _) => told++);
        using var bad = live.Monitor<GatewayOptions>().OnChange((_, _) => throw new InvalidOperationException("no"));
        using var last = live.Monitor<GatewayOptions>().OnChange((_, _) => told++);
        folder.Write("cortex.yaml", "gateway: {name: Second}");

        var result = live.Reload();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(told, Is.EqualTo(2));
            Assert.That(result.ListenerFailure!.Flatten().InnerExceptions.Single().Message, Is.EqualTo("no"));
        }
    }
}
