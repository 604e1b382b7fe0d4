using Cortex.Cli;
using Cortex.Cli.Doctor;
using NUnit.Framework;

namespace Cortex.Tests.Cli.Doctor;

/// <summary>What <c>cortex doctor</c> says when it can't be run as asked, and when nobody is there to examine.</summary>
internal sealed class DoctorArgumentTests
{
    private const string Url = "http://127.0.0.1:1/mcp";

    [TestCase("'gateway' is not the address of a gateway", "gateway")]
    [TestCase("'ftp://a' is not the address of a gateway", "ftp://a")]
    [TestCase("'https://a/mcp?x=y' is not the address of a gateway", "https://a/mcp?x=y")]
    [TestCase("The address holds a password", "https://ada:secret@a/mcp")]
    [TestCase("there is no such environment variable", Url, "--token", "env:CORTEX_NO_SUCH_VARIABLE")]
    [TestCase("the file '/no/such/file' can't be read", Url, "--token", "file:/no/such/file")]
    [TestCase("what was written holds no token", Url, "--token", "two words of a secret")]
    [TestCase("--origin 'app.example' is not an origin", Url, "--origin", "app.example")]
    [TestCase("--ca '/no/such/file' can't be read", Url, "--ca", "/no/such/file")]
    [TestCase("--ca '/dev/null' holds no certificate", Url, "--ca", "/dev/null")]
    [TestCase("--timeout must be a number of seconds from above 0 to 3600", Url, "--timeout", "0")]
    [TestCase("--watch must be a number of seconds from 0 to 3600", Url, "--watch", "5000")]
    [TestCase("'--bogus' is no option", "--bogus")]
    public async Task Wrong_arguments_are_refused_with_the_mend(string expected, params string[] args)
    {
        var run = await DoctorCli.RunAsync(args);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Error, Does.Contain(expected).And.Not.Contain("secret"));
            Assert.That(run.Exit, Is.EqualTo(1));
        }
    }

    [TestCase("http://127.0.0.1:1", FaultIds.Connect, "Start the proxy or gateway")]
    [TestCase("https://no-such-host.invalid/mcp", FaultIds.Dns, "DNS record")]
    public async Task Nobody_to_examine_is_named(string url, string fault, string mend)
    {
        var run = await DoctorCli.RunAsync(url, "--json", "--timeout", "60");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Faults, Is.EqualTo(new[] { fault }), run.Output);
            Assert.That(run.Findings.Single(finding => finding.Check == fault).Mend, Does.Contain(mend));
            Assert.That(run.Findings[^1].Check, Is.EqualTo("rest"));
        }
    }

    [Test]
    public void Token_comes_from_standard_input_or_a_file()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "  of-a-file\n");

        var tokens = new[] { TokenArgument.Read("--token", "-", new StringReader("of-the-input\n")), TokenArgument.Read("--token", $"file:{file}", TextReader.Null) };

        File.Delete(file);
        Assert.That(tokens, Is.EqualTo(new[] { "of-the-input", "of-a-file" }));
    }

    [Test]
    public void Empty_input_is_no_token() => Assert.That(() => TokenArgument.Read("--token", "-", TextReader.Null), Throws.TypeOf<UsageException>().With.Message.Contains("standard input holds no token"));
}
