using System.Text.RegularExpressions;
using Cortex.Tests.Clients;
using NUnit.Framework;

namespace Cortex.Tests.Chart;

/// <summary>
/// What three of the values files render to, word by word, so that a change of the chart shows what it does. To take a change over:
/// <c>CORTEX_TEST_GOLDEN=write ./test.sh --filter FullyQualifiedName~ChartGoldenTests</c>, then read the difference.
/// </summary>
[Category("Chart")]
internal sealed partial class ChartGoldenTests
{
    [TestCase("sqlite")]
    [TestCase("production")]
    [TestCase("labelled-backends")]
    public async Task Rendered_chart_is_the_one_that_was_approved(string values)
    {
        var file = Repository.PathOf("Gateway.Tests", "Chart", "golden", $"{values}.yaml");
        var text = Sum().Replace((await ChartMatrix.OfAsync(values)).Text, "<sum>");
        if (Environment.GetEnvironmentVariable("CORTEX_TEST_GOLDEN") == "write")
            await File.WriteAllTextAsync(file, text);

        Assert.That(text, Is.EqualTo(await File.ReadAllTextAsync(file)));
    }

    [GeneratedRegex("(?<=checksum/restart: )[0-9a-f]{64}")]
    private static partial Regex Sum();
}
