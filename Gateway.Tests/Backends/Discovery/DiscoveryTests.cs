using Cortex.Backends;
using Cortex.Backends.Discovery;
using k8s.Models;
using NUnit.Framework;

namespace Cortex.Tests.Backends.Discovery;

/// <summary>Backends that Services announce: how they come, change and go, and what happens while the API server does not answer.</summary>
internal sealed class DiscoveryTests
{
    private ApiServer _server = null!;

    [SetUp]
    public async Task StartServerAsync() => _server = await ApiServer.StartAsync();

    [TearDown]
    public async Task StopServerAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Service_that_is_there_at_the_start_is_a_backend_before_the_gateway_listens()
    {
        _server.Put(ServiceExample.Of("tickets", ("config", "kind: mcp\npath: /mcp\n")), ServiceExample.Plain("other"));

        await using var run = await DiscoveryRun.StartAsync(_server);

        Assert.That(run.Backends.Keys, Is.EqualTo(new[] { "tickets" }));
        Assert.That(run.Backends["tickets"].Url, Is.EqualTo("http://tickets.payments.svc:8080"));
        Assert.That(run.Backends["tickets"].Kind, Is.EqualTo(BackendKind.Mcp));
        Assert.That(run.Faults, Is.Empty);
    }

    [Test]
    public async Task Backend_comes_changes_and_goes_with_its_Service()
    {
        await using var run = await DiscoveryRun.StartAsync(_server, main: "backends: {core: {url: http://localhost:1}}");

        _server.Put(ServiceExample.Of("tickets"));
        Assert.That(await run.HasAsync("core", "tickets"));

        _server.Put(ServiceExample.Of("tickets", ("config", "timeout: 7s")));
        Assert.That(await run.HoldsAsync(() => run.Backends["tickets"].Timeout == TimeSpan.FromSeconds(7)));

        _server.Put(ServiceExample.Of("tickets", ("backend", "issues")));
        Assert.That(await run.HasAsync("core", "issues"));

        _server.Delete("payments", "tickets");
        Assert.That(await run.HasAsync("core"));
        Assert.That(_server.Asked.Lists, Is.EqualTo(1));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Backend_goes_when_its_annotation_goes_or_says_false(bool says)
    {
        _server.Put(ServiceExample.Of("tickets"));
        await using var run = await DiscoveryRun.StartAsync(_server);

        _server.Put(says ? ServiceExample.Of("tickets", ("backend", "false")) : ServiceExample.Plain("tickets"));

        Assert.That(await run.HasAsync());
        Assert.That(run.Faults, Is.Empty);
    }

    [Test]
    public async Task Faulty_annotation_is_named_with_its_line_and_hurts_no_other_backend()
    {
        _server.Put(ServiceExample.Of("tickets"));
        await using var run = await DiscoveryRun.StartAsync(_server);

        _server.Put(ServiceExample.Of("tickets", ("config", "kind: mcp\ntiemout: 7s\n")), ServiceExample.Of("search"), ServiceExample.Of("broken", ("config", "kind: [")));
        Assert.That(await run.HasAsync("search", "tickets"));
        Assert.That(run.Backends["tickets"].Kind, Is.EqualTo(BackendKind.Contract), "what it had");
        Assert.That(run.Faults, Has.Count.EqualTo(2));
        Assert.That(run.Faults, Has.One.EqualTo("Service payments/tickets, cortex.dev/config:2:1: backends.tickets.tiemout: the key is unknown. Did you mean 'timeout'?"));
        Assert.That(run.Faults, Has.One.StartsWith("Service payments/broken, cortex.dev/config:").And.Contains("the value is not valid YAML"));

        _server.Put(ServiceExample.Of("tickets", ("config", "kind: mcp\ntimeout: 7s\n")));
        _server.Delete("payments", "broken");
        Assert.That(await run.HoldsAsync(() => run.Faults.Count == 0));
        Assert.That(run.Backends["tickets"].Timeout, Is.EqualTo(TimeSpan.FromSeconds(7)));
    }

    [Test]
    public async Task Name_of_a_file_is_the_files_also_when_the_Service_was_first()
    {
        _server.Put(ServiceExample.Of("tickets"), ServiceExample.Of("core"));
        await using var run = await DiscoveryRun.StartAsync(_server, main: "include: [backends.d/*.yaml]\nbackends: {core: {url: http://localhost:1}}");
        Assert.That(run.Backends["core"].Url, Is.EqualTo("http://localhost:1"));
        Assert.That(run.Faults, Has.One.StartsWith("Service payments/core, cortex.dev/backend: backends.core: the name is taken, at ").And.EndsWith("Give one of the two another name: cortex.dev/backend: <name>."));

        run.Folder.Write("backends.d/team.yaml", "backends: {tickets: {url: http://localhost:2}}");

        Assert.That(await run.HoldsAsync(() => run.Backends["tickets"].Url == "http://localhost:2"));
        Assert.That(run.Faults, Has.Some.StartsWith("Service payments/tickets, "));
    }

    [Test]
    public async Task Of_one_namespace_the_older_Service_has_the_name()
    {
        _server.Put(Aged("tickets", 2));
        await using var run = await DiscoveryRun.StartAsync(_server);
        Assert.That(run.Backends["tickets"].Url, Is.EqualTo("http://tickets.payments.svc:8080"));

        _server.Put(Aged("issues", 1, ("backend", "tickets")));
        Assert.That(await run.HoldsAsync(() => run.Backends["tickets"].Url == "http://issues.payments.svc:8080"));
        Assert.That(run.Faults, Has.One.StartsWith("Service payments/tickets, cortex.dev/backend: backends.tickets: the name is taken, at Service payments/issues, cortex.dev/backend."));

        _server.Delete("payments", "issues");
        Assert.That(await run.HoldsAsync(() => run.Backends["tickets"].Url == "http://tickets.payments.svc:8080"));
        Assert.That(run.Faults, Is.Empty);
    }

    [TestCase("backend", "tickets", "Service search/issues, cortex.dev/backend: backends.tickets: the name is taken, at Service payments/tickets, cortex.dev/backend.")]
    [TestCase("config", "prefix: tickets", "backends.issues.prefix: under the prefix 'tickets' its tools could take names of backend 'tickets'")]
    public async Task Older_Service_of_a_namespace_that_is_listed_later_takes_neither_name_nor_prefix(string annotation, string value, string fault)
    {
        _server.Put(Aged("payments/tickets", 2));
        await using var run = await DiscoveryRun.StartAsync(_server, "payments, search");

        _server.Put(Aged("search/issues", 1, (annotation, value)));

        Assert.That(await run.HoldsAsync(() => run.Faults.Count == 1));
        Assert.That(run.Faults.Single(), Does.StartWith("Service search/issues").And.Contain(fault));
        Assert.That(run.Backends.Keys, Is.EqualTo(new[] { "tickets" }));
        Assert.That(run.Backends["tickets"].Url, Is.EqualTo("http://tickets.payments.svc:8080"));
    }

    [TestCase("backend", "tickets")]
    [TestCase("config", "prefix: tickets")]
    public async Task Service_of_the_namespace_that_is_listed_first_stays_at_every_replica_whenever_it_came(string annotation, string value)
    {
        _server.Put(Aged("payments/tickets", 1));
        await using var early = await DiscoveryRun.StartAsync(_server, "search, payments");
        Assert.That(early.Backends.Keys, Is.EqualTo(new[] { "tickets" }));

        _server.Put(Aged("search/issues", 2, (annotation, value)));
        await using var late = await DiscoveryRun.StartAsync(_server, "search, payments");

        foreach (var run in new[] { early, late })
        {
            Assert.That(await run.HoldsAsync(() => run.Backends.Count == 1 && run.Backends.Values.Single().Url == "http://issues.search.svc:8080"));
            Assert.That(run.Faults.Single(), Does.StartWith("Service payments/tickets"));
        }
    }

    [Test]
    public async Task Own_namespace_and_all_labels_are_the_default_and_a_selector_is_passed_on()
    {
        _server.Put(ServiceExample.Of("tools/tickets"), ServiceExample.Of("payments/other"));

        await using var run = await DiscoveryRun.StartAsync(_server, "");
        Assert.That(run.Backends.Keys, Is.EqualTo(new[] { "tickets" }));
        Assert.That(_server.Selectors, Is.EqualTo(new string?[] { null }));

        await using var selecting = await DiscoveryRun.StartAsync(_server, options: "allowPlaintext: true, labelSelector: 'team=payments,tier!=test'");
        Assert.That(_server.Selectors, Does.Contain("team=payments,tier!=test"));
    }

    [Test]
    public async Task Long_list_is_read_in_pages()
    {
        _server.Put(Enumerable.Range(0, 600).Select(number => ServiceExample.Plain($"plain-{number}")).Append(ServiceExample.Of("tickets")));

        await using var run = await DiscoveryRun.StartAsync(_server);

        Assert.That(run.Backends.Keys, Is.EqualTo(new[] { "tickets" }));
        Assert.That(_server.Asked.Lists, Is.EqualTo(2));
    }

    [Test]
    public async Task Hundred_Services_at_once_are_taken_up_together()
    {
        await using var run = await DiscoveryRun.StartAsync(_server, schedule: new DiscoverySchedule { Settle = TimeSpan.FromMilliseconds(250) });

        _server.Put(Enumerable.Range(0, 100).Select(number => ServiceExample.Of($"tickets-{number}")));

        Assert.That(await run.HoldsAsync(() => run.Backends.Count == 100));
        Assert.That(run.Reloads, Is.LessThan(10), "one, where the machine is not held up");
    }

    /// <summary>A Service that was created on a day of July.</summary>
    private static V1Service Aged(string name, int day, params (string Key, string Value)[] annotations)
    {
        var service = ServiceExample.Of(name, annotations);
        service.Metadata.CreationTimestamp = new DateTime(2026, 7, day, 0, 0, 0, DateTimeKind.Utc);
        return service;
    }
}
