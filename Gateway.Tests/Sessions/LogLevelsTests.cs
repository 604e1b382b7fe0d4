using System.Text;
using Cortex.Sessions;
using NUnit.Framework;

namespace Cortex.Tests.Sessions;

/// <summary>Levels of log messages as they stand on the wire.</summary>
internal sealed class LogLevelsTests
{
    [Test]
    public void Every_level_is_found_by_its_own_word([Values] McpLogLevel level)
    {
        Assert.That(LogLevels.Find(LogLevels.Quote(level).Span), Is.EqualTo(level));
        Assert.That(Encoding.UTF8.GetString(LogLevels.Quote(level).Span), Is.EqualTo($"\"{LogLevels.Format(level)}\""));
    }

    [TestCase("\"Warning\"")]
    [TestCase("\"\"")]
    [TestCase("3")]
    [TestCase("")]
    [TestCase("warning")]
    public void Anything_else_is_no_level(string raw) => Assert.That(LogLevels.Find(Encoding.UTF8.GetBytes(raw)), Is.Null);

    [TestCase(null, "\"debug\"", true)]
    [TestCase(McpLogLevel.Warning, "\"info\"", false)]
    [TestCase(McpLogLevel.Warning, "\"warning\"", true)]
    [TestCase(McpLogLevel.Warning, "\"w\\u0061rning\"", true)]
    [TestCase(McpLogLevel.Warning, "\"emergency\"", true)]
    [TestCase(McpLogLevel.Emergency, "\"alert\"", false)]
    [TestCase(McpLogLevel.Emergency, "\"odd\"", true)]
    public void Message_passes_from_the_wanted_level_on(McpLogLevel? wanted, string raw, bool expected) =>
        Assert.That(LogLevels.Passes(wanted, Encoding.UTF8.GetBytes(raw)), Is.EqualTo(expected));
}
