using System.CommandLine;
using System.Text.Json;
using Cortex.Cli;
using Cortex.Foundation.Configuration;
using Cortex.Tests.Foundation.Configuration;
using NUnit.Framework;

namespace Cortex.Tests.Cli;

internal sealed class CommandLineTests
{
    [Test]
    public async Task No_arguments_serve_the_shipped_file()
    {
        var run = await Run.WithAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Exit, Is.Zero);
            Assert.That(run.Served, Is.EqualTo(new ServeOptions("config/cortex.yaml", null)));
        }
    }

    [Test]
    public async Task Serve_takes_file_and_addresses()
    {
        var run = await Run.WithAsync("serve", "--config", "a.yaml", "--urls", "http://localhost:1");

        Assert.That(run.Served, Is.EqualTo(new ServeOptions("a.yaml", "http://localhost:1")));
    }

    [Test]
    public async Task Migrate_takes_the_file()
    {
        var run = await Run.WithAsync("migrate", "--config", "a.yaml");

        Assert.That(run.Migrated, Is.EqualTo(new MigrateOptions("a.yaml")));
    }

    [TestCase("serve", "--bogus")]
    [TestCase("serve", "a.yaml")]
    [TestCase("serve", "--config")]
    [TestCase("serve", "--config", "--urls", "http://localhost:1")]
    [TestCase("serve", "--urls", "--bogus")]
    [TestCase("check", "--config", "a.yaml", "--bogus")]
    [TestCase("check", "--config", "a.yaml", "@file")]
    [TestCase("--config", "a.yaml")]
    [TestCase("nonsense")]
    public async Task Unknown_word_is_refused_and_nothing_runs(params string[] args)
    {
        var run = await Run.WithAsync(args);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Exit, Is.EqualTo(1));
            Assert.That(run.Served, Is.Null);
            Assert.That(run.Error, Is.Not.Empty);
        }
    }

    [Test]
    public async Task Version_is_printed()
    {
        var run = await Run.WithAsync("--version");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Exit, Is.Zero);
            Assert.That(run.Output.Trim(), Does.Match(@"^\d+\.\d+\.\d+"));
        }
    }

    [Test]
    public async Task Serve_tells_a_refused_configuration_without_a_stack_trace()
    {
        var fault = new ConfigurationError(new Origin.Place("a.yaml", 3, 5), "gateway.name", "the name is empty", "Write it");
        var run = await Run.WithAsync(["serve"], _ => throw new ConfigurationException([fault]));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Exit, Is.EqualTo(1));
            Assert.That(run.Error.ReplaceLineEndings("\n"), Is.EqualTo("a.yaml:3:5: gateway.name: the name is empty. Write it.\n1 fault.\n"));
        }
    }

    [Test]
    public async Task Check_says_ok_and_counts()
    {
        using var folder = new ConfigFolder("include: [t.yaml]\nbackends: {a: {url: http://localhost:1}}");
        folder.Write("t.yaml", "backends: {b: {url: http://localhost:1}}");

        var run = await Run.WithAsync("check", "--config", folder.Main);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Exit, Is.Zero);
            Assert.That(run.Output.Trim(), Is.EqualTo($"ok: {folder.Main}, 1 included files, 2 backends"));
        }
    }

    [Test]
    public async Task Check_prints_every_fault_with_its_line()
    {
        using var folder = new ConfigFolder("gateway:\n  nam: x\n  maxBodyBytes: y\n");

        var run = await Run.WithAsync("check", "--config", folder.Main);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Exit, Is.EqualTo(1));
            Assert.That(run.Error, Does.Contain($"{folder.Main}:2:3: gateway.nam").And.Contain($"{folder.Main}:3:17: gateway.maxBodyBytes").And.Contain("2 faults."));
        }
    }

    [Test]
    public async Task Check_fails_on_a_bad_included_file()
    {
        using var folder = new ConfigFolder("include: [t.yaml]");
        folder.Write("t.yaml", "backends: [");

        var run = await Run.WithAsync("check", "--config", folder.Main);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Exit, Is.EqualTo(1));
            Assert.That(run.Error, Does.Contain("t.yaml:2:1"));
        }
    }

    [Test]
    public async Task Check_prints_json()
    {
        using var folder = new ConfigFolder("gateway:\n  maxBodyBytes: y\n");

        var run = await Run.WithAsync("check", "--config", folder.Main, "--json");

        var fault = JsonDocument.Parse(run.Output).RootElement.GetProperty("errors")[0];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Exit, Is.EqualTo(1));
            Assert.That(fault.GetProperty("line").GetInt32(), Is.EqualTo(2));
            Assert.That(fault.GetProperty("path").GetString(), Is.EqualTo("gateway.maxBodyBytes"));
            Assert.That(fault.GetProperty("value").GetString(), Is.EqualTo("y"));
        }
    }

    [Test]
    public async Task Schema_is_printed()
    {
        var run = await Run.WithAsync("schema");

        Assert.That(JsonDocument.Parse(run.Output).RootElement.GetProperty("$schema").GetString(), Is.EqualTo("https://json-schema.org/draft/2020-12/schema"));
    }

    /// <summary>One run of the command line and all that it did.</summary>
    private sealed record Run(int Exit, string Output, string Error, ServeOptions? Served, MigrateOptions? Migrated)
    {
        public static Task<Run> WithAsync(params string[] args) => WithAsync(args, _ => Task.FromResult(0));

        public static async Task<Run> WithAsync(string[] args, Func<ServeOptions, Task<int>> serve)
        {
            using var output = new StringWriter();
            using var error = new StringWriter();
            ServeOptions? served = null;
            MigrateOptions? migrated = null;
            var actions = new CommandActions
            {
                Sections = Sections.All,
                Serve = (options, _) =>
                {
                    served = options;
                    return serve(options);
                },
                Migrate = (options, _) =>
                {
                    migrated = options;
                    return Task.FromResult(0);
                },
                Keys = (_, _) => Task.FromResult(0),
                ExportIntegrity = IntegrityCommands.ExportAsync,
                ImportIntegrity = IntegrityCommands.ImportAsync,
            };
            var exit = await CortexCommandLine.RunAsync(args, actions, new InvocationConfiguration { Output = output, Error = error });
            return new Run(exit, output.ToString(), error.ToString(), served, migrated);
        }
    }
}
