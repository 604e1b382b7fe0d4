using Cortex.Backends.Discovery;
using NUnit.Framework;

namespace Cortex.Tests.Chart;

/// <summary>Backends out of Services: what the chart lets the gateway read.</summary>
[Category("Chart")]
internal sealed class ChartDiscoveryTests
{
    [Test]
    public async Task Discovery_may_read_Services_of_the_listed_namespaces_and_reach_the_api_server()
    {
        var rendered = await ChartMatrix.OfAsync("discovery");
        using var folder = new ChartConfiguration(rendered.Configuration);
        var options = folder.Load().Get<DiscoveryOptions>().Kubernetes;
        var bindings = rendered.OfKind("RoleBinding");

        using var scope = Assert.EnterMultipleScope();
        Assert.That(options.Enabled);
        Assert.That(options.AllowPlaintext);
        Assert.That(options.LabelSelector, Is.EqualTo("tier!=test"));
        Assert.That(options.Namespaces, Is.EqualTo(new[] { "payments", "search" }));
        Assert.That(rendered.OfKind("Role").Concat(bindings).Select(found => (string?)found["metadata"]!["namespace"]), Is.EqualTo(new[] { "payments", "search", "payments", "search" }));
        foreach (var role in rendered.OfKind("Role"))
            Assert.That(role["rules"]!.ToJsonString(), Is.EqualTo("""[{"apiGroups":[""],"resources":["services"],"verbs":["get","list","watch"]}]"""));
        foreach (var binding in bindings)
            Assert.That(binding["subjects"]!.ToJsonString(), Is.EqualTo("""[{"kind":"ServiceAccount","name":"demo-cortex","namespace":"tools"}]"""));
        Assert.That(rendered.Container["volumeMounts"]!.ToJsonString(), Does.Contain("/var/run/secrets/kubernetes.io/serviceaccount"));
        Assert.That(rendered.Single("NetworkPolicy")["spec"]!["egress"]!.AsArray()[^1]!.ToJsonString(), Is.EqualTo("""{"ports":[{"port":6443,"protocol":"TCP"}],"to":[{"ipBlock":{"cidr":"192.0.2.10/32"}}]}"""));
    }

    [Test]
    public async Task Discovery_looks_in_the_releases_own_namespace_by_default()
    {
        var rendered = await Manifests.RenderAsync("--values", Helm.ValuesFile("sqlite"), "--set", "discovery.enabled=true");
        using var folder = new ChartConfiguration(rendered.Configuration);

        Assert.That(folder.Load().Get<DiscoveryOptions>().Kubernetes.Namespaces, Is.EqualTo(new[] { "tools" }));
        Assert.That((string?)rendered.Single("Role")["metadata"]!["namespace"], Is.EqualTo("tools"));
    }
}
