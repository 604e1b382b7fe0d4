using Cortex.Foundation.Configuration;
using NUnit.Framework;

namespace Cortex.Tests.Chart;

/// <summary>What each pod may do, what it mounts, and how it is watched and ended.</summary>
[Category("Chart")]
internal sealed class ChartPodTests
{
    private static IEnumerable<string> ValuesFiles => Helm.ValuesFiles;

    [TestCaseSource(nameof(ValuesFiles))]
    public async Task Every_pod_runs_as_nobody_with_nothing_and_writes_only_to_volumes(string values)
    {
        var rendered = await ChartMatrix.OfAsync(values);

        foreach (var (name, pod, _) in RenderedPod.AllIn(rendered))
        {
            using var scope = Assert.EnterMultipleScope();
            var security = pod["securityContext"]!;
            Assert.That((bool)security["runAsNonRoot"]!, name);
            Assert.That((int)security["runAsUser"]!, Is.EqualTo(1654), name);
            Assert.That((string?)security["seccompProfile"]!["type"], Is.EqualTo("RuntimeDefault"), name);
            Assert.That((bool)pod["automountServiceAccountToken"]!, Is.False, name);
            foreach (var container in pod["containers"]!.AsArray().Concat(pod["initContainers"]?.AsArray() ?? []))
            {
                var own = container!["securityContext"]!;
                Assert.That((bool)own["readOnlyRootFilesystem"]!, name);
                Assert.That((bool)own["allowPrivilegeEscalation"]!, Is.False, name);
                Assert.That(own["capabilities"]!["drop"]!.ToJsonString(), Is.EqualTo("""["ALL"]"""), name);
            }
        }
    }

    [TestCaseSource(nameof(ValuesFiles))]
    public async Task Every_volume_that_is_mounted_exists_and_no_other(string values)
    {
        foreach (var (name, pod, _) in RenderedPod.AllIn(await ChartMatrix.OfAsync(values)))
        {
            var mounted = pod["containers"]!.AsArray().Concat(pod["initContainers"]?.AsArray() ?? [])
                .SelectMany(container => container!["volumeMounts"]?.AsArray() ?? []).Select(mount => (string?)mount!["name"]).Distinct();
            Assert.That(pod["volumes"]?.AsArray().Select(volume => (string?)volume!["name"]) ?? [], Is.EquivalentTo(mounted), name);
        }
    }

    [Test]
    public async Task Grace_period_holds_the_whole_drain_which_the_gateway_is_told()
    {
        var rendered = await ChartMatrix.OfAsync("production");
        using var folder = new ChartConfiguration(rendered.Configuration);

        var drain = folder.Load().Get<GatewayOptions>().Drain;

        Assert.That(drain.Delay, Is.EqualTo(TimeSpan.FromSeconds(10)));
        Assert.That(drain.Deadline, Is.EqualTo(TimeSpan.FromSeconds(120)));
        Assert.That((int)rendered.Pod["terminationGracePeriodSeconds"]!, Is.GreaterThan(130 + 10), "the gateway takes 10 s more to write down what it must not forget");
    }

    [Test]
    public async Task Probes_ask_the_management_port()
    {
        var container = (await ChartMatrix.OfAsync("own-names")).Container;

        using var scope = Assert.EnterMultipleScope();
        Assert.That(Probe("startupProbe"), Is.EqualTo("/healthz management"));
        Assert.That(Probe("livenessProbe"), Is.EqualTo("/healthz management"));
        Assert.That(Probe("readinessProbe"), Is.EqualTo("/readyz management"));
        Assert.That(container["ports"]!.ToJsonString(), Does.Contain("\"containerPort\":9191"));

        string Probe(string name) => $"{container[name]!["httpGet"]!["path"]} {container[name]!["httpGet"]!["port"]}";
    }
}
