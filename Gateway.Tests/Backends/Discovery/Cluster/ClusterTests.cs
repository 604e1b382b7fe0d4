using System.Diagnostics;
using Cortex.Backends.Discovery;
using k8s;
using k8s.Models;
using NUnit.Framework;

namespace Cortex.Tests.Backends.Discovery.Cluster;

/// <summary>Discovery against a real API server, with TLS, RBAC and HTTP/2. <c>./test.sh cluster</c> builds one, which takes minutes.</summary>
[Category("Cluster")]
[Category("Slow")]
internal sealed class ClusterTests
{
    private ClusterServer _cluster = null!;
    private string _namespace = null!;
    private int _taken;

    private ICoreV1Operations Admin => _cluster.Admin.CoreV1;

    [OneTimeSetUp]
    public async Task StartClusterAsync() => _cluster = await ClusterServer.StartAsync();

    [OneTimeTearDown]
    public async Task StopClusterAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }

    [SetUp]
    public async Task MakeNamespaceAsync()
    {
        _namespace = $"team-{++_taken}";
        await Admin.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = _namespace } });
    }

    [Test]
    public async Task Missing_role_is_named_and_the_backend_comes_when_the_role_does()
    {
        await Admin.CreateNamespacedServiceAsync(Service("tickets"), _namespace);
        await using var run = await StartAsync();
        Assert.That(run.Faults, Has.One.Contains("the API server forbids to list Services: services is forbidden: User \"gateway\" cannot list resource").And.Contains($"services in '{_namespace}'"));

        await GiveRoleAsync();

        Assert.That(await run.HasAsync("tickets"));
        Assert.That(await run.HoldsAsync(() => run.Faults.Count == 0));
    }

    [Test]
    public async Task Backend_comes_changes_and_goes_with_its_Service()
    {
        await GiveRoleAsync();
        await using var run = await StartAsync();

        await Admin.CreateNamespacedServiceAsync(Service("tickets"), _namespace);
        Assert.That(await run.HasAsync("tickets"));

        await Admin.PatchNamespacedServiceAsync(new V1Patch("""{"metadata":{"annotations":{"cortex.dev/config":"timeout: 7s"}}}""", V1Patch.PatchType.MergePatch), "tickets", _namespace);
        Assert.That(await run.HoldsAsync(() => run.Backends["tickets"].Timeout == TimeSpan.FromSeconds(7)));

        await Admin.PatchNamespacedServiceAsync(new V1Patch("""{"metadata":{"annotations":{"cortex.dev/config":"tiemout: 7s"}}}""", V1Patch.PatchType.MergePatch), "tickets", _namespace);
        Assert.That(await run.HoldsAsync(() => run.Faults.Count == 1));
        Assert.That(run.Faults[0], Does.StartWith($"Service {_namespace}/tickets, cortex.dev/config:1:1"));

        await DeleteAsync("tickets");
        Assert.That(await run.HasAsync());
        Assert.That(await run.HoldsAsync(() => run.Faults.Count == 0));
    }

    [Test]
    public async Task Service_that_loses_the_label_goes()
    {
        await GiveRoleAsync();
        var service = Service("tickets");
        service.Metadata.Labels = new Dictionary<string, string> { ["tier"] = "tools" };
        await Admin.CreateNamespacedServiceAsync(service, _namespace);
        await Admin.CreateNamespacedServiceAsync(Service("other"), _namespace);
        await using var run = await StartAsync("allowPlaintext: true, labelSelector: 'tier in (tools)'");
        Assert.That(run.Backends.Keys, Is.EqualTo(new[] { "tickets" }));

        await Admin.PatchNamespacedServiceAsync(new V1Patch("""{"metadata":{"labels":{"tier":null}}}""", V1Patch.PatchType.MergePatch), "tickets", _namespace);

        Assert.That(await run.HasAsync());
    }

    [Test]
    public async Task Selector_that_the_server_does_not_understand_is_named()
    {
        await GiveRoleAsync();

        await using var run = await StartAsync($"labelSelector: 'tier={new string('a', 64)}'");

        Assert.That(run.Faults, Has.One.Contains("discovery.kubernetes.labelSelector: the API server does not understand the request"));
    }

    [Test]
    public async Task Hundred_Services_are_found()
    {
        await GiveRoleAsync();
        await using var run = await StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 100).Select(number => Admin.CreateNamespacedServiceAsync(Service($"tickets-{number}"), _namespace)));

        Assert.That(await run.HoldsAsync(() => run.Backends.Count == 100));
    }

    [Test]
    public async Task Watch_that_the_server_ends_goes_on()
    {
        await GiveRoleAsync();
        await using var run = await StartAsync(schedule: new DiscoverySchedule { WatchDuration = TimeSpan.FromSeconds(1), FirstRetry = TimeSpan.FromMilliseconds(20), Settle = TimeSpan.FromMilliseconds(20) });

        var began = Stopwatch.GetTimestamp();
        for (var number = 0; Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(3); number++)
        {
            await Admin.CreateNamespacedServiceAsync(Service($"tickets-{number}"), _namespace);
            Assert.That(await run.HoldsAsync(() => run.Backends.Count == number + 1));
        }

        Assert.That(run.Faults, Is.Empty);
    }

    [Test]
    public async Task Backends_stay_while_the_server_is_away_and_what_happened_meanwhile_is_taken_up()
    {
        await GiveRoleAsync();
        await Admin.CreateNamespacedServiceAsync(Service("tickets"), _namespace);
        await Admin.CreateNamespacedServiceAsync(Service("search"), _namespace);
        await using var run = await StartAsync();

        await _cluster.PauseAsync();
        Assert.That(await run.HoldsAsync(() => run.Faults.Count == 1));
        Assert.That(run.Backends.Keys, Is.EquivalentTo(new[] { "search", "tickets" }));
        await _cluster.ResumeAsync();
        await DeleteAsync("tickets");

        Assert.That(await run.HasAsync("search"));
        Assert.That(await run.HoldsAsync(() => run.Faults.Count == 0));
    }

    private Task<DiscoveryRun> StartAsync(string options = "allowPlaintext: true", DiscoverySchedule? schedule = null) =>
        DiscoveryRun.StartAsync(_cluster.GatewayKubeconfig, _namespace, options, schedule: schedule);

    /// <summary>Without the client's model of the answer, which is newer than this server.</summary>
    private async Task DeleteAsync(string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, new Uri(_cluster.Admin.BaseUri, $"api/v1/namespaces/{_namespace}/services/{name}"));
        await _cluster.Admin.Credentials.ProcessHttpRequestAsync(request, CancellationToken.None);
        using var answer = await _cluster.Admin.HttpClient.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The role that the chart gives, and no more.</summary>
    private async Task GiveRoleAsync()
    {
        var name = new V1ObjectMeta { Name = "cortex-discovery" };
        await _cluster.Admin.RbacAuthorizationV1.CreateNamespacedRoleAsync(
            new V1Role { Metadata = name, Rules = [new V1PolicyRule { ApiGroups = [""], Resources = ["services"], Verbs = ["get", "list", "watch"] }] }, _namespace);
        await _cluster.Admin.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(
            new V1RoleBinding
            {
                Metadata = name,
                RoleRef = new V1RoleRef { ApiGroup = "rbac.authorization.k8s.io", Kind = "Role", Name = "cortex-discovery" },
                Subjects = [new Rbacv1Subject { Kind = "User", Name = "gateway", ApiGroup = "rbac.authorization.k8s.io" }],
            },
            _namespace);
    }

    private static V1Service Service(string name)
    {
        var service = ServiceExample.Of(name);
        service.Metadata.NamespaceProperty = null;
        return service;
    }
}
