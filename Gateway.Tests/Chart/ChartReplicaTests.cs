using NUnit.Framework;

namespace Cortex.Tests.Chart;

/// <summary>How many pods there are.</summary>
[Category("Chart")]
internal sealed class ChartReplicaTests
{
    [Test]
    public async Task Autoscaler_has_the_say_over_replicas()
    {
        var rendered = await ChartMatrix.OfAsync("production");
        var autoscaler = rendered.Single("HorizontalPodAutoscaler")["spec"]!;

        Assert.That(rendered.Single("Deployment")["spec"]!["replicas"], Is.Null);
        Assert.That((string?)autoscaler["scaleTargetRef"]!["name"], Is.EqualTo("demo-cortex"));
        Assert.That(autoscaler["metrics"]!.AsArray(), Has.Count.EqualTo(2));
        Assert.That((int)(await ChartMatrix.OfAsync("gateway-api")).Single("Deployment")["spec"]!["replicas"]!, Is.EqualTo(2));
    }

    [Test]
    public async Task Sqlite_has_one_pod_at_a_time_and_a_volume_that_outlives_the_release()
    {
        var rendered = await ChartMatrix.OfAsync("sqlite");

        Assert.That((string?)rendered.Single("Deployment")["spec"]!["strategy"]!["type"], Is.EqualTo("Recreate"));
        Assert.That((string?)rendered.Single("PersistentVolumeClaim")["metadata"]!["annotations"]!["helm.sh/resource-policy"], Is.EqualTo("keep"));
        Assert.That(rendered.OfKind("Job"), Is.Empty);
        Assert.That((await ChartMatrix.OfAsync("own-names")).OfKind("PersistentVolumeClaim"), Is.Empty);
    }
}
