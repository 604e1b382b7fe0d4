using System.CommandLine;
using Cortex.Cli.Stdio;
using NUnit.Framework;

namespace Cortex.Tests.Cli.Stdio;

/// <summary>What <c>cortex stdio</c> refuses before it starts.</summary>
internal sealed class StdioCommandTests
{
    [TestCase("is not the address of a gateway", "localhost")]
    [TestCase("is not the address of a gateway", "ftp://localhost/mcp")]
    [TestCase("password", "http://user:secret@localhost/mcp")]
    [TestCase("--allow-plaintext", "http://gateway.example/mcp")]
    [TestCase("can't be read", "http://localhost:1/mcp", "--token-file", "/nowhere/token")]
    [TestCase("holds no token", "http://localhost:1/mcp", "--token-file", "/dev/null")]
    [TestCase("is no port", "http://localhost:1/mcp", "--redirect-port", "70000")]
    public async Task Arguments_that_can_not_be_meant_are_refused_with_what_to_write(string problem, params string[] arguments)
    {
        using var error = new StringWriter();

        var exit = await StdioCommand.Create().Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = TextWriter.Null, Error = error });

        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error.ToString(), Does.Contain(problem).And.Not.Contain("secret").And.Not.Contain("   at "));
    }

    [Test]
    public async Task Sign_in_that_is_not_there_can_be_forgotten()
    {
        using var output = new StringWriter();

        var exit = await StdioCommand.Create().Parse(["http://localhost:1", "--logout"]).InvokeAsync(new InvocationConfiguration { Output = output, Error = TextWriter.Null });

        Assert.That(exit, Is.Zero);
        Assert.That(output.ToString(), Does.Contain("There was no sign-in at http://localhost:1/mcp."));
    }
}
