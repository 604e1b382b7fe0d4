using System.Net;
using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Tests.Fixtures;
using NUnit.Framework;
using Yarp.ReverseProxy;

namespace Cortex.Tests.Backends.Discovery;

/// <summary>The whole gateway with discovery: what Services announce reaches the proxy, and neither a fault nor the API server's absence its readiness.</summary>
internal sealed class DiscoveringGatewayTests
{
    private string _folder = null!;
    private ApiServer _server = null!;

    [SetUp]
    public async Task StartServerAsync()
    {
        _folder = Directory.CreateTempSubdirectory("cortex-discovering-").FullName;
        _server = await ApiServer.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder, "kubeconfig"), DiscoveryRun.Kubeconfig(_server.Url));
    }

    [TearDown]
    public async Task StopServerAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Announced_backend_is_a_cluster_of_the_proxy_until_its_Service_goes()
    {
        // Nothing listens at that name here: what counts is that the catalog asks there.
        _server.Put(ServiceExample.Of("tools/tickets", ("config", "timeout: 1s")), ServiceExample.Of("tools/broken", ("config", "kind: soap")));
        await using var gateway = await GatewayHost.StartAsync($"discovery: {{kubernetes: {{enabled: true, allowPlaintext: true, kubeconfig: {_folder}/kubeconfig}}}}");
        var proxy = gateway.Get<IProxyStateLookup>();
        using var http = new HttpClient();

        Assert.That(gateway.Get<BackendRegistry>().Current.All.Select(backend => backend.Id), Is.EqualTo(new[] { BackendId.Parse("tickets") }));
        Assert.That(proxy.TryGetCluster("tickets", out var cluster));
        Assert.That(cluster!.Destinations.Values.Single().Model.Config.Address, Does.StartWith("http://tickets.tools.svc:8080"));
        using var ready = await http.GetAsync(new Uri($"{gateway.Url}/readyz"));
        Assert.That(ready.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await ready.Content.ReadAsStringAsync(), Does.Contain("backend:tickets").And.Contain("Service tools/broken, cortex.dev/config:1:7"));

        _server.Delete("tools", "tickets");
        Assert.That(await Eventually.HoldsAsync(() => !proxy.TryGetCluster("tickets", out _)));
        Assert.That(gateway.Get<BackendRegistry>().Current.All, Is.Empty);
    }
}
