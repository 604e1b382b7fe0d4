using Cortex.Backends.Discovery;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Cortex.Tests.Backends.Discovery;

/// <summary>What counts as a change of a Service: the same object means that the configuration reads nothing again.</summary>
internal sealed class ServiceWatchTests
{
    private ApiServer _server = null!;
    private Kubernetes _client = null!;

    private static IEnumerable<TestCaseData> Changes =>
    [
        Change("annotation of another", false, service => service.Metadata.Annotations["control-plane.example.com/leader"] = "pod-2"),
        Change("label", false, service => service.Metadata.Labels = new Dictionary<string, string> { ["tier"] = "tools" }),
        Change("pods that it picks", false, service => service.Spec.Selector["track"] = "stable"),
        Change("config", true, service => service.Metadata.Annotations["cortex.dev/config"] = "timeout: 7s"),
        Change("place in the config", true, service => service.Metadata.Annotations["cortex.dev/config"] = "\ntimeout: 5s"),
        Change("annotation that is none", true, service => service.Metadata.Annotations["cortex.dev/prot"] = "web"),
        Change("number of the port", true, service => service.Spec.Ports[0].Port = 9090),
        Change("name of the port", true, service => service.Spec.Ports[0].Name = "https"),
        Change("what the port speaks", true, service => service.Spec.Ports[0].AppProtocol = "https"),
        Change("protocol of the port", true, service => service.Spec.Ports[0].Protocol = "UDP"),
        Change("one more port", true, service => service.Spec.Ports.Add(new V1ServicePort { Name = "metrics", Port = 9090 })),
        Change("type", true, service => service.Spec.Type = "ExternalName"),
        Change("no selector", true, service => service.Spec.Selector = null),
    ];

    [SetUp]
    public async Task StartServerAsync()
    {
        _server = await ApiServer.StartAsync();
        _client = new Kubernetes(new KubernetesClientConfiguration { Host = _server.Url });
    }

    [TearDown]
    public async Task StopServerAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [TestCaseSource(nameof(Changes))]
    public async Task Announcement_is_read_again_when_something_changes_that_counts(bool counts, Action<V1Service> change)
    {
        var watch = new ServiceWatch(
            _client.CoreV1, "payments", null, new ServiceReader(allowPlaintext: true), new DiscoverySchedule { ListTimeout = TimeSpan.FromMinutes(1) }, () => { }, TimeProvider.System, NullLogger.Instance);
        _server.Put(Service());
        Assert.That(await watch.TryListAsync(CancellationToken.None));
        var before = watch.Found.Single();
        var changed = Service();
        change(changed);
        _server.Put(changed);

        Assert.That(await watch.TryListAsync(CancellationToken.None));

        var after = watch.Found.Single();
        Assert.That(after.Version, Is.Not.EqualTo(before.Version));
        Assert.That(ReferenceEquals(after.Backend, before.Backend), Is.EqualTo(!counts));
    }

    private static V1Service Service() => ServiceExample.Of("tickets", ("config", "timeout: 5s"));

    private static TestCaseData Change(string what, bool counts, Action<V1Service> change) => new TestCaseData(counts, change).SetName($"{{m}}({what})");
}
