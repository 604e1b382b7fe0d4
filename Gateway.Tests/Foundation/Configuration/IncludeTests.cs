using Cortex.Backends;
using Cortex.Foundation.Configuration;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Configuration;

internal sealed class IncludeTests
{
    private const string Main = "include: [backends.d/*.yaml]\ngateway: {includeReferences: ['env:NOT_*', 'env:{file}_*', 'file:team/{file}/*']}\nbackends:\n  core: {url: http://localhost:1}\n";
    private const string Good = "backends:\n  good: {url: http://localhost:2}\n";

    /// <summary>A faulty included file, and what is to be said about it.</summary>
    public static IEnumerable<TestCaseData<string, int, string>> BadFiles =>
    [
        new("backends:\n  - [\n", 3, "not valid YAML") { TestName = "Syntax" },
        new("", 0, "holds nothing") { TestName = "Empty" },
        new("backends: hello\n", 1, "a map of names") { TestName = "No map" },
        new("backends:\n  a:\n    url: http://localhost:3\n    tiemout: 1s\n", 4, "unknown") { TestName = "Unknown key" },
        new("backends:\n  a:\n    url: http://remote.example\n", 3, "https or loopback") { TestName = "Validation" },
        new("backends:\n  a: {url: http://localhost:3}\ngateway: {name: Mine}\n", 3, "'backends:' and nothing else") { TestName = "Another root key" },
        new("backends:\n  b: {url: http://localhost:3}\n  core: {url: http://localhost:3}\n", 3, "the name is taken, at") { TestName = "Name of the main file" },
        new("backends:\n  b: {url: http://localhost:3}\n  good: {url: http://localhost:3}\n", 3, "the name is taken, at") { TestName = "Name of an earlier file" },
        new("backends:\n  a: {url: http://localhost:3, catalogToken: \"${env:NOT_SET}\"}\n", 2, "'NOT_SET' is not set") { TestName = "Reference" },
        new("backends:\n  a: {url: http://localhost:3, auth: static, staticSecret: \"${env:DATABASE_PASSWORD}\"}\n", 2, "may not use '${env:DATABASE_PASSWORD}'") { TestName = "Secret of the gateway" },
        new("backends:\n  a: {url: \"http://localhost:3/${env:good_TOKEN}\"}\n", 2, "may not use '${env:good_TOKEN}'") { TestName = "Secret of another team" },
        new("backends:\n  a: {url: http://localhost:3, auth: static, staticSecret: \"${file:team/b/../good/key}\"}\n", 2, "may not use '${file:team/b/../good/key}'") { TestName = "File of another team" },
        new("backends:\n  a: {url: http://localhost:3, auth: forward}\n", 2, "the callers' own tokens") { TestName = "Callers' tokens" },
        new("backends:\n  a: {kind: mcp, url: http://localhost:3, auth: exchange, exchange: {tokenEndpoint: http://localhost:3/token, clientId: x, subject: callerToken}}\n", 2, "shown to a token endpoint") { TestName = "Callers' tokens in exchange" },
        new("backends:\n  a: {url: http://localhost:3, audience: http://localhost:1}\n", 2, "is backend 'core'") { TestName = "Tokens for another backend" },
        new("backends:\n  a: {destinations: [http://localhost:2, http://localhost:3]}\n", 2, "is backend 'good'") { TestName = "Tokens for another team's backend" },
        new("backends:\n  a: {url: http://localhost:3, prefix: core}\n", 2, "names of backend 'core'") { TestName = "Tool names of another backend" },
        new("backends:\n  core_a: {url: http://localhost:3}\n", 2, "names of backend 'core'") { TestName = "Tool names below another backend" },
        new("backends:\n  a: {url: http://localhost:3, prefix: ''}\n", 2, "need a prefix") { TestName = "Tool names of any backend" },
        new("backends:\n  a: {url: http://localhost:3, cluster: {loadBalancingPolicy: Nope}}\n", 2, "the load balancing policy 'Nope'") { TestName = "Cluster that is none" },
        new("backends:\n  a: {url: http://localhost:3, cluster: {healthCheck: {active: {enabled: maybe}}}}\n", 2, "configuration value 'maybe'") { TestName = "Cluster that can't be read" },
        new("backends:\n  cortex-ingress: {url: http://localhost:3}\n", 2, "the gateway's own name") { TestName = "Name of the ingress" },
    ];

    [TestCaseSource(nameof(BadFiles))]
    public void Bad_file_at_start_is_left_out_alone(string bad, int line, string problem)
    {
        using var folder = new ConfigFolder(Main);
        folder.Write("backends.d/a.yaml", Good);
        folder.Write("backends.d/b.yaml", bad);

        var live = folder.Load();

        var error = live.Current.FileErrors.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(live.Get<BackendsOptions>().Keys, Is.EquivalentTo(new[] { "core", "good" }));
            Assert.That(error.Problem, Does.Contain(problem));
            Assert.That(error.Origin, Is.InstanceOf<Origin.Place>().With.Property("Line").EqualTo(line).And.Property("File").EqualTo(folder.At("backends.d/b.yaml")));
            Assert.That(live.Status.Errors, Has.Count.EqualTo(1));
        }
    }

    [TestCaseSource(nameof(BadFiles))]
    public void Bad_file_at_reload_keeps_what_it_had(string bad, int line, string problem)
    {
        using var folder = new ConfigFolder(Main);
        folder.Write("backends.d/a.yaml", Good);
        folder.Write("backends.d/b.yaml", "backends:\n  before: {url: http://localhost:9}\n");
        var live = folder.Load();
        folder.Write("backends.d/a.yaml", Good + "  more: {url: http://localhost:4}\n");
        folder.Write("backends.d/b.yaml", bad);

        var result = live.Reload();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result, Is.InstanceOf<ReloadResult.Partial>());
            Assert.That(live.Get<BackendsOptions>().Keys, Is.EquivalentTo(new[] { "core", "good", "more", "before" }));
            Assert.That(live.Current.FileErrors.Single().Problem, Does.Contain(problem));
            Assert.That(((Origin.Place)live.Current.FileErrors.Single().Origin).Line, Is.EqualTo(line));
        }
    }

    [Test]
    public void Included_file_uses_the_references_it_was_given()
    {
        using var folder = new ConfigFolder(Main);
        folder.Environment["pay_TOKEN"] = "from the environment";
        folder.Write("team/pay/key", "from a file\n");
        folder.Write("backends.d/pay.yaml", "backends:\n  a: {url: http://localhost:3, auth: static, staticSecret: '${env:pay_TOKEN}', catalogToken: '${file:team/pay/key}'}\n");

        var live = folder.Load();

        Assert.That(live.Current.FileErrors, Is.Empty);
        Assert.That(live.Get<BackendsOptions>()["a"].StaticSecret!.Reveal(), Is.EqualTo("from the environment"));
        Assert.That(live.Get<BackendsOptions>()["a"].CatalogToken!.Reveal(), Is.EqualTo("from a file"));
    }

    [Test]
    public void Main_file_gives_no_reference_unasked()
    {
        using var folder = new ConfigFolder("include: [backends.d/*.yaml]\n");
        folder.Environment["TOKEN"] = "secret";
        folder.Write("backends.d/a.yaml", "backends:\n  a: {url: http://localhost:3, auth: static, staticSecret: '${env:TOKEN}'}\n");

        Assert.That(folder.Load().Current.FileErrors.Single().Mend, Does.Contain("gateway.includeReferences"));
    }

    [Test]
    public void Mended_file_counts_again()
    {
        using var folder = new ConfigFolder(Main);
        folder.Write("backends.d/a.yaml", "backends: [");
        var live = folder.Load();
        folder.Write("backends.d/a.yaml", Good);

        var result = live.Reload();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result, Is.InstanceOf<ReloadResult.Accepted>().With.Property("Changed").EqualTo(new[] { "backends" }));
            Assert.That(live.Get<BackendsOptions>(), Contains.Key("good"));
            Assert.That(live.Status.Errors, Is.Empty);
        }
    }

    [Test]
    public void Files_that_appear_and_go_are_noticed()
    {
        using var folder = new ConfigFolder(Main);
        var live = folder.Load();
        folder.Write("backends.d/a.yaml", Good);
        live.Reload();
        var with = live.Get<BackendsOptions>();
        File.Delete(folder.At("backends.d/a.yaml"));
        live.Reload();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(with, Contains.Key("good"));
            Assert.That(live.Get<BackendsOptions>(), Does.Not.ContainKey("good"));
        }
    }

    [Test]
    public void File_that_takes_the_name_of_a_running_backend_loses()
    {
        using var folder = new ConfigFolder(Main);
        folder.Write("backends.d/z.yaml", Good);
        var live = folder.Load();
        folder.Write("backends.d/a.yaml", "backends:\n  good: {url: http://localhost:6666}\n");

        live.Reload();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(live.Get<BackendsOptions>()["good"].Url, Is.EqualTo("http://localhost:2"));
            Assert.That(((Origin.Place)live.Current.FileErrors.Single().Origin).File, Does.EndWith("a.yaml"));
        }
    }

    [Test]
    public void Good_file_counts_while_the_main_file_is_bad()
    {
        using var folder = new ConfigFolder(Main);
        var live = folder.Load();
        folder.Write("cortex.yaml", Main + "gatewy: {}\n");
        folder.Write("backends.d/a.yaml", Good);

        var result = live.Reload();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result, Is.InstanceOf<ReloadResult.Rejected>());
            Assert.That(live.Get<BackendsOptions>().Keys, Is.EquivalentTo(new[] { "core", "good" }));
            Assert.That(live.Status.Errors.Single().Path, Is.EqualTo("gatewy"));
        }
    }

    [Test]
    public void Faults_of_included_files_are_told_with_those_of_a_bad_main_file()
    {
        using var folder = new ConfigFolder(Main + "gatewy: {}\n");
        folder.Write("backends.d/a.yaml", "backends: {a: {url: http://localhost:1, tiemout: 1s}}\n");

        Assert.That(folder.Faults().Select(error => error.Path), Is.EqualTo(new[] { "gatewy", "backends.a.tiemout" }));
    }

    [Test]
    public void Override_reaches_a_backend_of_an_included_file()
    {
        using var folder = new ConfigFolder(Main);
        folder.Write("backends.d/a.yaml", Good);
        folder.Environment["CORTEX__BACKENDS__GOOD__TIMEOUT"] = "7s";

        Assert.That(folder.Load().Get<BackendsOptions>()["good"].Timeout, Is.EqualTo(TimeSpan.FromSeconds(7)));
    }

    [Test]
    public void Override_of_a_backend_in_a_bad_file_is_left_out_with_it()
    {
        using var folder = new ConfigFolder(Main);
        folder.Write("backends.d/a.yaml", "backends: [");
        folder.Environment["CORTEX__backends__good__timeout"] = "7s";

        Assert.That(folder.Load().Current.FileErrors, Has.Count.EqualTo(2));
    }

    [TestCase("backends.d/one.yaml")]
    [TestCase("./backends.d/*.yaml")]
    [TestCase("*/one.yaml")]
    [TestCase("**/one.yaml")]
    public void Patterns_find_files_from_the_folder_of_the_main_file(string pattern)
    {
        using var folder = new ConfigFolder($"include: ['{pattern}']\n");
        folder.Write("backends.d/one.yaml", Good);

        Assert.That(folder.Load().Get<BackendsOptions>(), Contains.Key("good"));
    }

    [Test]
    public void Absolute_pattern_finds_files()
    {
        using var elsewhere = new ConfigFolder();
        elsewhere.Write("team/one.yaml", Good);
        using var folder = new ConfigFolder($"include: ['{elsewhere.At("team")}/*.yaml']\n");

        Assert.That(folder.Load().Get<BackendsOptions>(), Contains.Key("good"));
    }

    [Test]
    public void Named_file_that_is_not_there_is_told_and_left_out()
    {
        using var folder = new ConfigFolder("include: [team.yaml]\n");

        Assert.That(folder.Load().Current.FileErrors.Single().Problem, Does.Contain("not there"));
    }
}
