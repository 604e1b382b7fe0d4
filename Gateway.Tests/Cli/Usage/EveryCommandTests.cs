using System.CommandLine;
using System.CommandLine.Parsing;
using Cortex.Cli;
using Cortex.Cli.Usage;
using NUnit.Framework;

namespace Cortex.Tests.Cli.Usage;

/// <summary>What holds for each command there is.</summary>
internal sealed class EveryCommandTests
{
    private static readonly RootCommand Root = CortexCommandLine.Create(CommandRun.Actions);

    private static IEnumerable<string> Paths => CommandTree.Walk(Root).Select(known => known.Path);

    [TestCaseSource(nameof(Paths))]
    public async Task Help_names_the_product_each_option_and_an_example_that_parses(string path)
    {
        var run = await CommandRun.WithAsync([.. Words(path), "--help"]);

        var command = CommandTree.Walk(Root).Single(known => known.Path == path).Command;
        var examples = CommandExamples.Of(path);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Exit, Is.Zero, run.Error);
            Assert.That(run.Error, Is.Empty);
            Assert.That(run.Output, Does.Contain($"cortex {path}".TrimEnd()).And.Not.Contain("Gateway check").And.Not.Contain("testhost"));
            Assert.That(command.Description, Is.Not.Empty);
            Assert.That(command.Options.Where(option => string.IsNullOrEmpty(option.Description)).Select(option => option.Name), Is.Empty);
            Assert.That(command.Arguments.Where(argument => string.IsNullOrEmpty(argument.Description)).Select(argument => argument.Name), Is.Empty);
            Assert.That(examples, Is.Not.Empty);
            foreach (var example in examples)
            {
                Assert.That(run.Output, Does.Contain(example));
                Assert.That(Faults(example), Is.Empty, example);
                Assert.That(example, Does.StartWith($"cortex {path}".TrimEnd()));
            }
        }
    }

    [TestCaseSource(nameof(Paths))]
    public async Task Flag_that_is_none_is_refused_wherever_it_stands(string path)
    {
        string[][] lines =
        [
            [.. Words(path), "--no-such-flag"],
            .. CommandExamples.Of(path).Select(example => (string[])[.. CommandLineParser.SplitCommandLine(example).Skip(1), "--no-such-flag"]),
        ];
        foreach (var line in lines)
        {
            var run = await CommandRun.WithAsync(line);

            Assert.That(run.Exit, Is.EqualTo(1), string.Join(' ', line));
            Assert.That(run.Error, Does.Contain("'--no-such-flag' is").And.Contain("--help"), string.Join(' ', line));
            Assert.That(run.Output, Is.Empty);
        }
    }

    [TestCase("'chek' is not known here. Did you mean 'check'?", "See: cortex --help", "chek")]
    [TestCase("'--jsn' is not known here. Did you mean '--json'?", "See: cortex check --help", "check", "--jsn")]
    [TestCase("'rotat' is not known here. Did you mean 'rotate'?", "See: cortex keys --help", "keys", "rotat")]
    [TestCase("'--verbos' is no option of this command. Did you mean '--verbose'?", "See: cortex stdio --help", "stdio", "--verbos")]
    [TestCase("Option '--backend' needs a value", "See: cortex integrity export --help", "integrity", "export", "--out", "x", "--backend", "--with-pending")]
    [TestCase("Option '--backend' needs a value (was '--pending').", "See: cortex integrity export --help", "integrity", "export", "--out", "x", "--backend", "--pending")]
    [TestCase("Option '--config' needs a value", "See: cortex check --help", "check", "--config", "--json")]
    public async Task Slip_is_refused_with_what_was_meant_and_where_to_read_on(string problem, string more, params string[] line)
    {
        var run = await CommandRun.WithAsync(line);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Exit, Is.EqualTo(1));
            Assert.That(run.Error, Does.Contain(problem).And.Contain(more));
            Assert.That(run.Output, Is.Empty);
        }
    }

    private static string[] Words(string path) => path.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Faults(string line) => Root.Parse([.. CommandLineParser.SplitCommandLine(line).Skip(1)]).Errors.Select(fault => fault.Message);
}
