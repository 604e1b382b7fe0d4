using NUnit.Framework;

namespace Cortex.Tests.Chart;

/// <summary>Who reaches which pod, and whom the pods reach.</summary>
[Category("Chart")]
internal sealed class ChartNetworkTests
{
    private static IEnumerable<string> ValuesFiles => Helm.ValuesFiles;

    [TestCaseSource(nameof(ValuesFiles))]
    public async Task Selectors_fit_the_pods_and_ports_are_there(string values)
    {
        var rendered = await ChartMatrix.OfAsync(values);
        var template = rendered.Single("Deployment")["spec"]!["template"]!;
        var ports = rendered.Container["ports"]!.AsArray().Select(port => (string?)port!["name"]).ToList();
        var selectors = rendered.OfKind("Service").Select(service => service["spec"]!["selector"])
            .Concat(rendered.OfKind("PodDisruptionBudget").Select(budget => budget["spec"]!["selector"]!["matchLabels"]))
            .Append(rendered.Single("Deployment")["spec"]!["selector"]!["matchLabels"]);

        using var scope = Assert.EnterMultipleScope();
        foreach (var selector in selectors)
            Assert.That(Labels.Fit(template["metadata"]!["labels"]!.AsObject(), selector!.AsObject()), selector.ToJsonString());
        foreach (var service in rendered.OfKind("Service"))
            Assert.That(ports, Does.Contain((string?)service["spec"]!["ports"]![0]!["targetPort"]));
        foreach (var other in RenderedPod.AllIn(rendered).Where(pod => pod.Name != "Deployment"))
            Assert.That(rendered.OfKind("Service").Any(service => Labels.Fit(other.Labels, service["spec"]!["selector"]!.AsObject())), Is.False, $"{other.Name} gets clients' traffic");
    }

    [Test]
    public async Task Ingress_lets_streams_through_and_takes_its_host_from_the_public_address()
    {
        var ingress = (await ChartMatrix.OfAsync("production")).Single("Ingress");
        var plain = (await ChartMatrix.OfAsync("own-names")).Single("Ingress");

        using var scope = Assert.EnterMultipleScope();
        Assert.That((string?)ingress["spec"]!["rules"]![0]!["host"], Is.EqualTo("mcp.example.com"));
        Assert.That(Labels.AnnotationOf(ingress, "nginx.ingress.kubernetes.io/proxy-buffering"), Is.EqualTo("off"));
        Assert.That(Labels.AnnotationOf(ingress, "nginx.ingress.kubernetes.io/proxy-read-timeout"), Is.EqualTo("3600"));
        Assert.That(Labels.AnnotationOf(ingress, "cert-manager.io/cluster-issuer"), Is.EqualTo("letsencrypt"));
        Assert.That(plain["metadata"]!["annotations"], Is.Null);
        Assert.That((string?)plain["spec"]!["rules"]![0]!["host"], Is.EqualTo("mcp.example.com"), "without its port");
        Assert.That((string?)plain["spec"]!["tls"]![0]!["secretName"], Is.EqualTo("wildcard"));
    }

    [Test]
    public async Task HttpRoute_has_no_time_limit()
    {
        var rule = (await ChartMatrix.OfAsync("gateway-api")).Single("HTTPRoute")["spec"]!["rules"]![0]!;

        Assert.That(rule["timeouts"]!.ToJsonString(), Is.EqualTo("""{"request":"0s","backendRequest":"0s"}"""));
        Assert.That((string?)rule["backendRefs"]![0]!["name"], Is.EqualTo("demo-cortex"));
    }

    [Test]
    public async Task NetworkPolicy_lets_out_to_name_servers_and_what_is_listed()
    {
        var egress = (await ChartMatrix.OfAsync("production")).Single("NetworkPolicy", "demo-cortex")["spec"]!["egress"]!.AsArray();

        Assert.That(egress, Has.Count.EqualTo(2));
        Assert.That(egress[0]!.ToJsonString(), Does.Contain("kube-dns").And.Contain("53"));
        Assert.That(egress[1]!.ToJsonString(), Does.Contain("0.0.0.0/0").And.Contain("5432"));
    }

    [Test]
    public async Task ServiceMonitor_finds_the_management_service_alone()
    {
        var rendered = await ChartMatrix.OfAsync("production");
        var monitor = rendered.Single("ServiceMonitor");
        var selector = monitor["spec"]!["selector"]!["matchLabels"]!.AsObject();
        var found = rendered.OfKind("Service").Where(service => Labels.Fit(service["metadata"]!["labels"]!.AsObject(), selector)).ToList();

        Assert.That(found.Select(service => (string?)service["metadata"]!["name"]), Is.EqualTo(new[] { "demo-cortex-management" }));
        Assert.That((string?)found[0]["spec"]!["ports"]![0]!["name"], Is.EqualTo((string?)monitor["spec"]!["endpoints"]![0]!["port"]));
    }
}
