using Cortex.Tests.Docs;
using NUnit.Framework;

namespace Cortex.Tests.Chart;

/// <summary>The values that the documentation shows are ones that the chart takes, with a configuration that the gateway takes.</summary>
[Category("Chart")]
internal sealed class ChartDocsTests
{
    private static IEnumerable<DocsBlock> Shown => DocsPages.Blocks.Where(block => block is { Language: "yaml", Kind: "values" });

    [TestCaseSource(nameof(Shown))]
    public async Task Shown_values_render_to_what_the_gateway_takes(DocsBlock values)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, values.Text);
            var rendered = await Manifests.RenderAsync("--values", file);
            using var folder = new ChartConfiguration(rendered.Configuration);

            Assert.That(rendered.Faults, Is.Empty);
            Assert.That(folder.Load().Current.FileErrors, Is.Empty);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public async Task Notes_tell_the_next_steps()
    {
        var run = await new Helm(4).RunAsync("install", "demo", Helm.Chart, "--dry-run=client", "--values", Helm.ValuesFile("sqlite"));

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Output, Does.Contain("serves MCP at https://mcp.example.com/mcp")
            .And.Contain("ingress.enabled or httpRoute.enabled").And.Contain("trustedProxies").And.Contain("cortex.key"));
    }
}
