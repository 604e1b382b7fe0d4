using System.Net;
using System.Net.Sockets;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Cli;

/// <summary>What an operator reads when the program refuses to start: one sentence that says what, which one and what to do; exit code 1; no stack trace.</summary>
internal sealed class RefusedStartTests
{
    private const string ExternalIssuer = "identity: { authorizationServer: { enabled: false }, issuers: [ { issuer: 'http://127.0.0.1:1' } ] }\n";

    private static readonly string[] Serve = ["serve", "--config", "cortex.yaml"];

    [Test]
    public async Task Development_sign_in_in_production_is_refused()
    {
        await using var process = await RefusedAsync("identity: { authorizationServer: { enabled: true, signIn: [development] } }", Serve);

        Assert.That(process.Error, Does.Contain("signIn: the development sign-in").And.Contain("Production environment").And.Contain("allowDevelopmentSignIn"));
    }

    [Test]
    public async Task Every_fault_of_the_configuration_is_told_with_its_line()
    {
        await using var process = await RefusedAsync(
            """
            gateway:
              nmae: x
            backends:
              a:
                kind: contrct
                url: ftp://x
            """,
            Serve);

        Assert.That(process.Error.ReplaceLineEndings("\n"), Does.StartWith("cortex.yaml:2:3: gateway.nmae: ")
            .And.Contain("Did you mean 'name'?")
            .And.Contain("cortex.yaml:5:11: backends.a.kind: ")
            .And.Contain("cortex.yaml:6:10: backends.a.url: ")
            .And.EndWith("3 faults.\n"));
    }

    [Test]
    public async Task Schema_that_nobody_may_migrate_is_refused_until_it_was_migrated_by_command()
    {
        const string yaml = ExternalIssuer + "storage: { database: 'sqlite:never.db', migrate: never }\n";
        var folder = GatewayProcess.FolderWith(yaml);
        var url = $"http://127.0.0.1:{ServerProcess.FreePort()}";
        await using (var refused = await RefusedAsync(yaml, Serve))
            Assert.That(refused.Error, Does.Contain("never.db").And.Contain("0001_keys").And.Contain("cortex migrate"));

        var migrated = GatewayProcess.Start(folder, ["migrate", "--config", "cortex.yaml"]);
        Assert.That(await migrated.EndAsync(), Is.Zero, migrated.Error);
        Assert.That(migrated.Lines, Has.Some.Contains("was empty: made the schema"));
        await using var process = await GatewayProcess.ServeAsync(folder, url);
    }

    [TestCase("postgres:Host=127.0.0.1;Port=1;Username=x;Password=hidden;Database=d", "PostgreSQL database 'd' at 127.0.0.1:1")]
    [TestCase("sqlite:cortex.yaml", "cortex.yaml")]
    [TestCase("sqlite:/proc/none/cortex.db", "/proc/none")]
    public async Task Database_that_cannot_be_used_is_named(string database, string named)
    {
        var environment = ("CORTEX__storage__database", (string?)database);
        await using var process = await RefusedAsync(ExternalIssuer, Serve, environment);
        await using var migrate = await RefusedAsync(ExternalIssuer, ["migrate", "--config", "cortex.yaml"], environment);

        foreach (var error in new[] { process.Error, migrate.Error })
            Assert.That(error, Does.Contain(named).And.Contain("Check storage.database").And.Not.Contain("hidden"));
    }

    [Test]
    public async Task Redis_that_does_not_answer_is_named()
    {
        await using var process = await RefusedAsync(ExternalIssuer + "storage: { redis: '127.0.0.1:1' }", Serve);

        Assert.That(process.Error, Does.Contain("Redis (127.0.0.1:1) was not reached").And.Contain("storage.redis"));
    }

    [Test]
    public async Task Key_file_that_holds_no_key_is_named()
    {
        var folder = GatewayProcess.FolderWith(ExternalIssuer);
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        await File.WriteAllTextAsync(Path.Combine(folder, "data", "cortex.key"), "nonsense");

        await using var process = await RefusedAsync(folder, Serve);

        Assert.That(process.Error, Does.Contain("cortex.key' does not hold a key").And.Contain("Restore it"));
    }

    [Test]
    public async Task Address_that_is_taken_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://{taken.LocalEndpoint}";

        await using var process = await RefusedAsync(ExternalIssuer, [.. Serve, "--urls", url]);

        Assert.That(process.Error, Does.Contain($"Cannot listen at {url}").And.Contain("address already in use").And.Contain("--urls"));
    }

    [TestCase("banana")]
    [TestCase("http://127.0.0.1:80000")]
    [TestCase("http://192.0.2.1:8080")]
    [TestCase("https://127.0.0.1:0")]
    public async Task Address_that_is_none_or_cannot_be_had_is_named(string url)
    {
        await using var process = await RefusedAsync(ExternalIssuer, [.. Serve, "--urls", url]);

        Assert.That(process.Error, Does.Contain("Cannot listen at").And.Contain(url).And.Contain("--urls"));
    }

    /// <summary>Runs the program until it refuses.</summary>
    /// <param name="yamlOrFolder">The configuration, or a folder that holds it.</param>
    private static async Task<GatewayProcess> RefusedAsync(string yamlOrFolder, string[] arguments, params (string Name, string? Value)[] environment)
    {
        var folder = Directory.Exists(yamlOrFolder) ? yamlOrFolder : GatewayProcess.FolderWith(yamlOrFolder);
        var process = GatewayProcess.Start(folder, arguments, environment);
        var exit = await process.EndAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(exit, Is.EqualTo(1));
            Assert.That(process.Error, Is.Not.Empty.And.Not.Contain("   at ").And.Not.Contain("Unhandled"));
            Assert.That(process.Lines, Has.None.Contains("Exception"));
        }

        return process;
    }
}
