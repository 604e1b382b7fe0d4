using System.Text.Json.Nodes;
using Cortex.Backends.Discovery;
using Cortex.Foundation.Configuration;
using NUnit.Framework;

namespace Cortex.Tests.Chart;

/// <summary>What the rendered objects say.</summary>
[Category("Chart")]
internal sealed class ChartObjectTests
{
    private static IEnumerable<string> ValuesFiles => Helm.ValuesFiles;

    [TestCaseSource(nameof(ValuesFiles))]
    public async Task Every_pod_runs_as_nobody_with_nothing_and_writes_only_to_volumes(string values)
    {
        var rendered = await ChartMatrix.OfAsync(values);

        foreach (var (name, pod, _) in PodsOf(rendered))
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
            Assert.That(Holds(template["metadata"]!["labels"]!.AsObject(), selector!.AsObject()), selector.ToJsonString());
        foreach (var service in rendered.OfKind("Service"))
            Assert.That(ports, Does.Contain((string?)service["spec"]!["ports"]![0]!["targetPort"]));
        foreach (var other in PodsOf(rendered).Where(pod => pod.Name != "Deployment"))
            Assert.That(rendered.OfKind("Service").Any(service => Holds(other.Labels, service["spec"]!["selector"]!.AsObject())), Is.False, $"{other.Name} gets clients' traffic");
    }

    [TestCaseSource(nameof(ValuesFiles))]
    public async Task Every_volume_that_is_mounted_exists_and_no_other(string values)
    {
        foreach (var (name, pod, _) in PodsOf(await ChartMatrix.OfAsync(values)))
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

    [Test]
    public async Task Migration_comes_before_the_rest_and_needs_nothing_of_it()
    {
        var rendered = await ChartMatrix.OfAsync("production");
        var job = rendered.Single("Job");
        var hooks = rendered.Objects.Where(found => Annotation(found, "helm.sh/hook") == "pre-install,pre-upgrade").ToList();
        var pod = job["spec"]!["template"]!["spec"]!;
        var needed = pod["volumes"]!.AsArray().Select(volume => (string?)volume!["configMap"]?["name"]).OfType<string>();

        using var scope = Assert.EnterMultipleScope();
        Assert.That(hooks.OrderBy(Weight).Select(hook => (string?)hook["kind"]), Is.EqualTo(new[] { "NetworkPolicy", "ConfigMap", "Job" }).Or.EqualTo(new[] { "ConfigMap", "NetworkPolicy", "Job" }));
        Assert.That(hooks.Where(hook => hook != job).Select(Weight), Has.All.LessThan(Weight(job)));
        Assert.That(needed, Is.SubsetOf(hooks.Select(hook => (string?)hook["metadata"]!["name"])));
        Assert.That(pod["serviceAccountName"], Is.Null, "the release's own is not there yet");
        Assert.That(pod["containers"]![0]!["args"]![0]!.ToString(), Is.EqualTo("migrate"));
        Assert.That(rendered.Configuration, Does.Contain("migrate: never"));
        Assert.That((await ChartMatrix.OfAsync("scheduling")).Configuration, Does.Contain("migrate: onStart"));
    }

    [Test]
    public async Task Ingress_lets_streams_through_and_takes_its_host_from_the_public_address()
    {
        var ingress = (await ChartMatrix.OfAsync("production")).Single("Ingress");
        var plain = (await ChartMatrix.OfAsync("own-names")).Single("Ingress");

        using var scope = Assert.EnterMultipleScope();
        Assert.That((string?)ingress["spec"]!["rules"]![0]!["host"], Is.EqualTo("mcp.example.com"));
        Assert.That(Annotation(ingress, "nginx.ingress.kubernetes.io/proxy-buffering"), Is.EqualTo("off"));
        Assert.That(Annotation(ingress, "nginx.ingress.kubernetes.io/proxy-read-timeout"), Is.EqualTo("3600"));
        Assert.That(Annotation(ingress, "cert-manager.io/cluster-issuer"), Is.EqualTo("letsencrypt"));
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
        var found = rendered.OfKind("Service").Where(service => Holds(service["metadata"]!["labels"]!.AsObject(), selector)).ToList();

        Assert.That(found.Select(service => (string?)service["metadata"]!["name"]), Is.EqualTo(new[] { "demo-cortex-management" }));
        Assert.That((string?)found[0]["spec"]!["ports"]![0]!["name"], Is.EqualTo((string?)monitor["spec"]!["endpoints"]![0]!["port"]));
    }

    [Test]
    public async Task Without_sidecar_and_discovery_nothing_may_ask_the_cluster()
    {
        foreach (var values in Helm.ValuesFiles.Where(values => values is not ("labelled-backends" or "discovery")))
        {
            var rendered = await ChartMatrix.OfAsync(values);
            Assert.That(rendered.OfKind("Role").Concat(rendered.OfKind("RoleBinding")), Is.Empty);
            Assert.That(rendered.Pod["initContainers"], Is.Null);
            Assert.That(rendered.Text, Does.Not.Contain("serviceAccountToken:"));
        }
    }

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

    [Test]
    public async Task Token_of_the_cluster_is_the_sidecars_alone()
    {
        var rendered = await ChartMatrix.OfAsync("labelled-backends");

        Assert.That(rendered.Single("Role")["rules"]!.ToJsonString(), Is.EqualTo("""[{"apiGroups":[""],"resources":["configmaps"],"verbs":["get","list","watch"]}]"""));
        Assert.That(Mounts(rendered.Container), Does.Not.Contain("sidecar-token"));
        Assert.That(Mounts(rendered.Pod["initContainers"]![0]!), Does.Contain("sidecar-token"));
        Assert.That(rendered.Configuration, Does.Contain("/var/run/cortex/backends/*.yaml"));

        static IEnumerable<string?> Mounts(JsonNode container) => container["volumeMounts"]!.AsArray().Select(mount => (string?)mount!["name"]);
    }

    [Test]
    public async Task Team_file_bears_the_name_of_its_ConfigMap_and_may_be_missing()
    {
        var rendered = await ChartMatrix.OfAsync("team-backends");
        var sources = rendered.Pod["volumes"]!.AsArray().Single(volume => (string?)volume!["name"] == "config")!["projected"]!["sources"]!.AsArray();
        var team = sources.Single(source => (string?)source!["configMap"]!["name"] == "payments-backends")!["configMap"]!;

        Assert.That((bool)team["optional"]!);
        Assert.That(team["items"]!.ToJsonString(), Is.EqualTo("""[{"key":"cortex.yaml","path":"backends.d/payments-backends.yaml"}]"""));
        Assert.That(rendered.Container["volumeMounts"]!.ToJsonString(), Does.Contain("/run/secrets/teams/payments-backends"));
    }

    [Test]
    public async Task Team_file_is_taken_and_a_bad_one_hurts_itself_alone()
    {
        using var folder = new ChartConfiguration((await ChartMatrix.OfAsync("team-backends")).Configuration);
        folder.AddTeam("payments-backends", "backends: {payments: {kind: contract, url: 'https://payments.internal'}}");
        folder.AddTeam("search-backends", "backends: {search: {kind: contract, url: 'https://search.internal', staticSecret: '${file:/run/secrets/cortex-vault/main}'}}");

        var snapshot = folder.Load().Current;

        Assert.That(snapshot.BackendCount, Is.EqualTo(1));
        Assert.That(snapshot.FileErrors.Select(error => error.ToString()), Has.One.Contains("includeReferences"));
    }

    private static IEnumerable<RenderedPod> PodsOf(Manifests rendered) =>
        from kind in new[] { "Deployment", "Job", "Pod" }
        from found in rendered.OfKind(kind)
        let pod = kind == "Pod" ? found : found["spec"]!["template"]!.AsObject()
        select new RenderedPod(kind, pod["spec"]!.AsObject(), pod["metadata"]!["labels"]!.AsObject());

    private static bool Holds(JsonObject labels, JsonObject selector) => selector.All(wanted => (string?)labels[wanted.Key] == (string?)wanted.Value);

    private static string? Annotation(JsonObject found, string name) => (string?)found["metadata"]!["annotations"]?[name];

    private static int Weight(JsonObject hook) => int.Parse(Annotation(hook, "helm.sh/hook-weight")!, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A pod, by the kind of the object it is in.</summary>
    private sealed record RenderedPod(string Name, JsonObject Spec, JsonObject Labels);
}
