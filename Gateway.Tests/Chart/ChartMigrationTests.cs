using System.Globalization;
using System.Text.Json.Nodes;
using NUnit.Framework;

namespace Cortex.Tests.Chart;

/// <summary>The order of an installation and an upgrade.</summary>
[Category("Chart")]
internal sealed class ChartMigrationTests
{
    [Test]
    public async Task Migration_comes_before_the_rest_and_needs_nothing_of_it()
    {
        var rendered = await ChartMatrix.OfAsync("production");
        var job = rendered.Single("Job");
        var hooks = rendered.Objects.Where(found => Labels.AnnotationOf(found, "helm.sh/hook") == "pre-install,pre-upgrade").ToList();
        var pod = job["spec"]!["template"]!["spec"]!;
        var needed = pod["volumes"]!.AsArray().Select(volume => (string?)volume!["configMap"]?["name"]).OfType<string>();

        using var scope = Assert.EnterMultipleScope();
        Assert.That(hooks.OrderBy(WeightOf).Select(hook => (string?)hook["kind"]), Is.EqualTo(new[] { "NetworkPolicy", "ConfigMap", "Job" }).Or.EqualTo(new[] { "ConfigMap", "NetworkPolicy", "Job" }));
        Assert.That(hooks.Where(hook => hook != job).Select(WeightOf), Has.All.LessThan(WeightOf(job)));
        Assert.That(needed, Is.SubsetOf(hooks.Select(hook => (string?)hook["metadata"]!["name"])));
        Assert.That(pod["serviceAccountName"], Is.Null, "the release's own is not there yet");
        Assert.That(pod["containers"]![0]!["args"]![0]!.ToString(), Is.EqualTo("migrate"));
        Assert.That(rendered.Configuration, Does.Contain("migrate: never"));
        Assert.That((await ChartMatrix.OfAsync("scheduling")).Configuration, Does.Contain("migrate: onStart"));
    }

    private static int WeightOf(JsonObject hook) => int.Parse(Labels.AnnotationOf(hook, "helm.sh/hook-weight")!, CultureInfo.InvariantCulture);
}
