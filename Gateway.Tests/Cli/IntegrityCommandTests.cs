using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cortex.Cli;
using Cortex.Foundation.Storage;
using Cortex.Governance.Integrity;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Governance.Integrity;
using NUnit.Framework;

namespace Cortex.Tests.Cli;

/// <summary><c>cortex integrity</c>: the way of a baseline to an operator's key and back.</summary>
internal sealed class IntegrityCommandTests
{
    private string _folder = null!;

    [SetUp]
    public void Create() => _folder = Directory.CreateTempSubdirectory("cortex-cli-integrity-").FullName;

    [TearDown]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Baseline_goes_out_is_signed_elsewhere_and_comes_back()
    {
        await using var storage = await TestStorage.CreateAsync(DatabaseDialect.Sqlite);
        await RunAsync(0, "keygen", "--key", At("operator.pem"), "--public", At("operator.pub.pem"));
        if (!OperatingSystem.IsWindows())
            Assert.That(File.GetUnixFileMode(At("operator.pem")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(await RunAsync(1, "keygen", "--key", At("operator.pem"), "--public", At("other.pem")), Does.Contain("operator.pem"), "nothing is overwritten");
        var options = new IntegrityOptions { Mode = IntegrityMode.Block, NewTools = NewTools.Hold, OperatorKey = await File.ReadAllTextAsync(At("operator.pub.pem")) };
        await using var replica = await IntegrityReplica.StartAsync(storage, options);
        Assert.That(await replica.ServedAsync(OfferedDefinitions.All), Is.Empty);
        await ConfigureAsync(storage);

        await RunAsync(0, "export", "--config", At("cortex.yaml"), "--out", At("plain.json"), "--with-pending");
        Assert.That(await RunAsync(1, "import", "--config", At("cortex.yaml"), "--in", At("plain.json")), Does.Contain("not signed"));
        Assert.That(await RunAsync(1, "verify", "--key", At("operator.pub.pem"), "--in", At("plain.json")), Does.Contain("not signed"));
        await RunAsync(0, "sign", "--key", At("operator.pem"), "--in", At("plain.json"), "--out", At("signed.json"));
        Assert.That(await RunAsync(0, "verify", "--key", At("operator.pub.pem"), "--in", At("signed.json")), Does.Contain("'bank' revision 1 (5 definitions)"));
        await RunAsync(0, "import", "--config", At("cortex.yaml"), "--in", At("signed.json"));

        Assert.That(await replica.ServedAsync(OfferedDefinitions.All), Is.EqualTo(OfferedDefinitions.All));
    }

    /// <summary>Attack: a signed file is changed on its way.</summary>
    [Test]
    public async Task File_that_was_changed_after_signing_is_refused()
    {
        await using var storage = await TestStorage.CreateAsync(DatabaseDialect.Sqlite);
        await RunAsync(0, "keygen", "--key", At("operator.pem"), "--public", At("operator.pub.pem"));
        await using (var replica = await IntegrityReplica.StartAsync(storage, new IntegrityOptions()))
            await replica.ServedAsync(OfferedDefinitions.All);
        await ConfigureAsync(storage);
        await RunAsync(0, "export", "--config", At("cortex.yaml"), "--out", At("plain.json"), "--backend", "bank");
        await RunAsync(0, "sign", "--key", At("operator.pem"), "--in", At("plain.json"), "--out", At("signed.json"));

        var file = JsonNode.Parse(await File.ReadAllTextAsync(At("signed.json")))!;
        file["baselines"]![0]!["document"]!["revision"] = 9;
        await File.WriteAllTextAsync(At("changed.json"), file.ToJsonString());
        file["baselines"]![0]!["document"]!["entries"]![0]!["definition"]!["x"] = 1;
        await File.WriteAllTextAsync(At("bent.json"), file.ToJsonString());
        await File.WriteAllTextAsync(At("laid-out.json"), JsonNode.Parse(await File.ReadAllTextAsync(At("signed.json")))!.ToJsonString(JsonSerializerOptions.Default));

        Assert.That(await RunAsync(1, "verify", "--key", At("operator.pub.pem"), "--in", At("changed.json")), Does.Contain("does not fit"));
        Assert.That(await RunAsync(1, "import", "--config", At("cortex.yaml"), "--in", At("changed.json")), Does.Contain("does not fit"));
        Assert.That(await RunAsync(1, "verify", "--key", At("operator.pub.pem"), "--in", At("bent.json")), Does.Contain("fingerprint"));
        Assert.That(await RunAsync(0, "verify", "--key", At("operator.pub.pem"), "--in", At("laid-out.json")), Does.Contain("ok"), "the layout does not matter");
    }

    [Test]
    public async Task Unusable_file_or_missing_word_is_refused_in_a_line()
    {
        await File.WriteAllTextAsync(At("odd.json"), "{}");
        await File.WriteAllTextAsync(At("odd.pem"), "no key");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await RunAsync(1, "sign", "--key", At("odd.pem"), "--in", At("odd.json"), "--out", At("x")), Does.Contain("private key"));
            Assert.That(await RunAsync(1, "verify", "--key", At("odd.pem"), "--in", At("odd.json")), Does.Contain("cortex integrity export"));
            Assert.That(await RunAsync(1, "verify", "--key", At("odd.pem"), "--in", At("missing.json")), Does.Contain("missing.json"));
            Assert.That(await RunAsync(1, "sign", "--key", At("odd.pem")), Does.Contain("--in"));
            Assert.That(await RunAsync(1, "export", "--config", At("missing.yaml"), "--out", At("x")), Does.Contain("missing.yaml"));
            Assert.That(File.Exists(At("x")), Is.False);
        }
    }

    private string At(string name) => Path.Combine(_folder, name);

    private Task ConfigureAsync(TestStorage storage) => File.WriteAllTextAsync(At("cortex.yaml"), $$"""
        gateway: { publicUrl: http://localhost:8080 }
        storage: { database: "{{storage.Database.Address}}" }
        vault: { keys: [{ id: test, key: "${file:{{WriteKey()}}}" }] }
        integrity: { operatorKey: "${file:{{At("operator.pub.pem")}}}" }
        """);

    private string WriteKey()
    {
        File.WriteAllText(At("vault.key"), GatewayHost.VaultKey);
        return At("vault.key");
    }

    private static async Task<string> RunAsync(int expected, params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var actions = new CommandActions
        {
            Sections = Sections.All,
            Serve = (_, _) => Task.FromResult(0),
            Migrate = (_, _) => Task.FromResult(0),
            Keys = (_, _) => Task.FromResult(0),
            ExportIntegrity = IntegrityCommands.ExportAsync,
            ImportIntegrity = IntegrityCommands.ImportAsync,
        };
        var exit = await CortexCommandLine.RunAsync(["integrity", .. words], actions, new InvocationConfiguration { Output = output, Error = error });
        Assert.That(exit, Is.EqualTo(expected), output.ToString() + error);
        return output.ToString() + error;
    }
}
