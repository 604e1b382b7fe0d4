using Cortex.Backends;
using Cortex.Backends.Discovery;
using Cortex.Foundation.Configuration;
using Cortex.Tests.Clients;
using Cortex.Tests.Foundation.Configuration;
using k8s;
using k8s.Models;
using NUnit.Framework;

namespace Cortex.Tests.Backends.Discovery;

/// <summary>What a Service may announce, and what is said about what it may not.</summary>
internal sealed class AnnouncementTests
{
    private const string Main = "backends:\n  core: {url: https://core.example.com}\n";

    private static IEnumerable<TestCaseData> Addresses =>
    [
        Address("one port", [Port("web", 8080)], "http://tickets.payments.svc:8080"),
        Address("port 80", [Port("web", 80)], "http://tickets.payments.svc"),
        Address("port 443", [Port("web", 443)], "https://tickets.payments.svc"),
        Address("port named https", [Port("https", 8443)], "https://tickets.payments.svc:8443"),
        Address("port of an https app", [Port("web", 8443, "https")], "https://tickets.payments.svc:8443"),
        Address("https by annotation", [Port("web", 8443)], "https://tickets.payments.svc:8443", ("scheme", "https")),
        Address("http by annotation", [Port("https", 8443)], "http://tickets.payments.svc:8443", ("scheme", "http")),
        Address("port by name", [Port("web", 8080), Port("metrics", 9090)], "http://tickets.payments.svc:8080", ("port", "web")),
        Address("port by number", [Port("web", 8080), Port("metrics", 9090)], "http://tickets.payments.svc:9090", ("port", "9090")),
        Address("a port that is not TCP", [Port("web", 8080), new V1ServicePort { Name = "dns", Port = 53, Protocol = "UDP" }], "http://tickets.payments.svc:8080"),
    ];

    private static IEnumerable<TestCaseData> Faults =>
    [
        Fault("unknown annotation", "Service payments/tickets: there is no annotation cortex.dev/prot. Did you mean cortex.dev/port?", [("prot", "web")]),
        Fault("name that is none", "cortex.dev/backend: the name is no backend name (was 'My Tickets'). Write cortex.dev/backend: and 1 to 32 of", [("backend", "My Tickets")]),
        Fault("no such port", "cortex.dev/port: backends.tickets: the Service has no such port. Write one of web (8080)", [("port", "http")]),
        Fault("scheme that is none", "cortex.dev/scheme: backends.tickets: the value is neither http nor https", [("scheme", "grpc")]),
        Fault("address of its own choice", "cortex.dev/config:1:1: backends.tickets.url: the Service's own address stands for 'url'", [("config", "url: http://169.254.169.254")]),
        Fault("addresses of its own choice", "the Service's own address stands for 'destinations'", [("config", "destinations: [https://elsewhere.example.com]")]),
        Fault("audience of another", "the Service's own address stands for 'audience'", [("config", "audience: https://core.example.com")]),
        Fault("token endpoint of its own choice", "cortex.dev/config:2:1: backends.tickets.exchange: a Service does not choose where tokens are shown", [("config", "auth: exchange\nexchange: {tokenEndpoint: https://elsewhere.example.com/token, clientId: gateway, subject: callerToken}")]),
        Fault("keys of the proxy", "cortex.dev/config:1:1: backends.tickets.cluster: a Service does not set the proxy's own keys", [("config", "cluster: {loadBalancingPolicy: Nonsense}")]),
        Fault("secret of the gateway", "may not use '${env:DATABASE_PASSWORD}'", [("config", "auth: static\nstaticSecret: ${env:DATABASE_PASSWORD}")]),
        Fault("secret that included files may use", "may not use '${env:TEAM_KEY}'", [("config", "auth: static\nstaticSecret: ${env:TEAM_KEY}")]),
        Fault("secret written out", "cortex.dev/config:2:15: backends.tickets.staticSecret: a secret must not stand", [("config", "auth: static\nstaticSecret: hunter2")]),
        Fault("callers' tokens", "backends.tickets.auth: only a backend of the main file may have the callers' own tokens", [("config", "auth: forward")]),
        Fault("names without a prefix", "need a prefix", [("config", "prefix: ''")]),
        Fault("names of another", "names of backend 'core'", [("config", "prefix: core")]),
        Fault("names by hand", "may not choose names without its prefix", [("config", "aliases: {find: core_find}")]),
        Fault("no map", "the value holds a list where a map is expected. Write keys, each as 'key: value'", [("config", "- kind: mcp")]),
        Fault("no annotation that makes it a backend", "Service payments/tickets: the Service has annotations of the gateway, but not cortex.dev/backend. Add cortex.dev/backend: \"true\"", [("config", "kind: mcp")], service => service.Metadata.Annotations.Remove("cortex.dev/backend")),
        Fault("several ports", "the Service has several ports: web (8080), metrics (9090). Name one, such as cortex.dev/port: \"web\"", [], service => service.Spec.Ports.Add(Port("metrics", 9090))),
        Fault("no port", "the Service has no TCP port", [], service => service.Spec.Ports = null),
        Fault("name of another host", "the Service is an ExternalName", [], service => service.Spec.Type = "ExternalName"),
        Fault("endpoints written by hand", "the Service has no selector: endpoints that are written by hand lead anywhere. Give it a spec.selector", [], service => service.Spec.Selector = null),
        Fault("selector that picks nothing", "the Service has no selector", [], service => service.Spec.Selector.Clear()),
    ];

    [TestCaseSource(nameof(Addresses))]
    public void Address_is_the_Services_own(V1Service service, string url)
    {
        using var folder = new ConfigFolder(Main);
        var live = Announce(folder, service);

        Assert.That(live.Current.FileErrors, Is.Empty);
        Assert.That(live.Get<BackendsOptions>()["tickets"].Url, Is.EqualTo(url));
    }

    [TestCaseSource(nameof(Faults))]
    public void Fault_is_named_with_the_Service_and_what_to_write_instead(V1Service service, string words)
    {
        using var folder = new ConfigFolder($"gateway: {{includeReferences: ['env:TEAM_*']}}\n{Main}");
        folder.Environment["TEAM_KEY"] = "hunter2";
        var live = Announce(folder, service);

        Assert.That(live.Get<BackendsOptions>().Keys, Is.EqualTo(new[] { "core" }));
        Assert.That(live.Status.Errors.Select(error => error.ToString()), Has.One.Contains(words));
        Assert.That(live.Status.Errors.Select(error => error.ToString()), Has.All.StartsWith("Service payments/tickets").And.All.Not.Contains("hunter2"));
    }

    [TestCase("", "tickets")]
    [TestCase("true", "tickets")]
    [TestCase(" issues ", "issues")]
    public void Name_is_the_Services_own_or_the_one_that_is_written(string written, string name)
    {
        using var folder = new ConfigFolder(Main);

        Assert.That(Announce(folder, ServiceExample.Of("tickets", ("backend", written))).Get<BackendsOptions>().Keys, Does.Contain(name));
    }

    [Test]
    public void Plaintext_needs_leave_of_the_operator_or_of_the_Service()
    {
        using var folder = new ConfigFolder(Main);

        var refused = Announce(folder, ServiceExample.Of("tickets"), allowPlaintext: false);
        Assert.That(refused.Status.Errors.Single().ToString(), Does.StartWith("Service payments/tickets: backends.tickets.url: address must be https or loopback").And.Contain("allowPlaintext: true"));

        var given = Announce(folder, ServiceExample.Of("tickets", ("config", "allowPlaintext: true")), allowPlaintext: false);
        Assert.That(given.Status.Errors, Is.Empty);

        var refusing = Announce(folder, ServiceExample.Of("tickets", ("config", "allowPlaintext: false")), allowPlaintext: true);
        Assert.That(refusing.Status.Errors, Has.Count.EqualTo(1));
    }

    [Test]
    public void Tokens_for_a_Service_are_for_its_own_address()
    {
        using var folder = new ConfigFolder(Main);
        var live = Announce(folder, ServiceExample.Of("tickets"));

        Assert.That(BackendSnapshot.Of(live.Get<BackendsOptions>()).All.Single(backend => backend.Id.Value == "tickets").Audience, Does.StartWith("http://tickets.payments.svc:8080"));
    }

    [Test]
    public void Service_that_the_documentation_shows_is_a_backend()
    {
        var page = File.ReadAllText(Repository.PathOf("docs", "kubernetes-discovery.md"));
        var shown = KubernetesYaml.Deserialize<V1Service>(page.Split("```yaml manifest\n")[1].Split("```")[0], strict: true);
        using var folder = new ConfigFolder(Main);
        var live = Announce(folder, shown);

        Assert.That(live.Status.Errors, Is.Empty);
        Assert.That(live.Get<BackendsOptions>()["tickets"], Has.Property("Url").EqualTo("http://tickets.payments.svc:8080").And.Property("Kind").EqualTo(BackendKind.Mcp));
    }

    [TestCase("*", "there is no looking into all namespaces")]
    [TestCase("Payments", "is no name of a namespace")]
    [TestCase("payments, payments", "is here twice")]
    public void Namespace_that_is_none_is_refused(string namespaces, string problem)
    {
        using var folder = new ConfigFolder($"discovery: {{kubernetes: {{namespaces: [{(namespaces == "*" ? "'*'" : namespaces)}]}}}}");

        Assert.That(folder.Faults().Single().Problem, Does.Contain(problem));
    }

    [TestCase("((")]
    [TestCase("tier in tools")]
    [TestCase("tier = tools = test")]
    [TestCase("team=payments,")]
    [TestCase("team payments")]
    public void Selector_that_is_none_is_refused(string selector)
    {
        using var folder = new ConfigFolder($"discovery: {{kubernetes: {{labelSelector: '{selector}'}}}}");

        Assert.That(folder.Faults().Single().ToString(), Does.Contain("discovery.kubernetes.labelSelector").And.Contain("is no selector of labels"));
    }

    [TestCase("")]
    [TestCase("team")]
    [TestCase("!old")]
    [TestCase("team=payments,tier!=test")]
    [TestCase("app.kubernetes.io/part-of == shop , tier notin (test, beta),team in (a)")]
    [TestCase("team=,weight>3")]
    public void Selector_as_kubectl_takes_it_is_taken(string selector)
    {
        using var folder = new ConfigFolder($"discovery: {{kubernetes: {{labelSelector: '{selector}'}}}}");

        Assert.That(() => folder.Load(), Throws.Nothing);
    }

    [Test]
    public void Kubeconfig_that_is_not_there_is_refused_where_discovery_is_on()
    {
        using var folder = new ConfigFolder("discovery: {kubernetes: {enabled: true, kubeconfig: /nope}}");
        Assert.That(folder.Faults().Single().ToString(), Does.Contain("discovery.kubernetes.kubeconfig: there is no file '/nope'"));

        using var off = new ConfigFolder("discovery: {kubernetes: {kubeconfig: /nope}}");
        Assert.That(() => off.Load(), Throws.Nothing);
    }

    private static LiveConfiguration Announce(ConfigFolder folder, V1Service service, bool allowPlaintext = true)
    {
        var live = folder.Load();
        live.Offer(new DiscoveredBackends([new ServiceReader(allowPlaintext).Read(service)!], []));
        live.Reload();
        return live;
    }

    private static V1ServicePort Port(string name, int number, string? app = null) => new() { Name = name, Port = number, AppProtocol = app };

    private static TestCaseData Address(string what, V1ServicePort[] ports, string url, params (string Key, string Value)[] annotations)
    {
        var service = ServiceExample.Of("tickets", annotations);
        service.Spec.Ports = ports;
        return new TestCaseData(service, url).SetName($"{{m}}({what})");
    }

    private static TestCaseData Fault(string what, string words, (string Key, string Value)[] annotations, Action<V1Service>? change = null)
    {
        var service = ServiceExample.Of("tickets", annotations);
        change?.Invoke(service);
        return new TestCaseData(service, words).SetName($"{{m}}({what})");
    }
}
