using System.Diagnostics;
using Cortex.Backends.Discovery;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Backends.Discovery;

/// <summary>What discovery does while the API server is away, forbids, or has forgotten: what was found stays, and the fault is named.</summary>
internal sealed class DiscoveryOutageTests
{
    private const string Core = "backends: {core: {url: http://localhost:1}}";

    /// <summary>How long a test waits for what must end by itself.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly DiscoverySchedule Impatient = new()
    {
        ListTimeout = TimeSpan.FromSeconds(1),
        FirstRetry = TimeSpan.FromMilliseconds(20),
        LongestRetry = TimeSpan.FromMilliseconds(100),
        Settle = TimeSpan.FromMilliseconds(20),
    };

    private ApiServer _server = null!;

    [SetUp]
    public void MakeServer() => _server = new ApiServer(ServerProcess.FreePort());

    [TearDown]
    public async Task StopServerAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Api_server_that_is_down_at_the_start_is_named_and_asked_until_it_answers()
    {
        _server.Put(ServiceExample.Of("tickets"));
        await using var run = await DiscoveryRun.StartAsync(_server, main: Core);
        Assert.That(run.Backends.Keys, Is.EqualTo(new[] { "core" }));
        Assert.That(run.Faults, Has.One.StartsWith("Kubernetes namespace payments: discovery.kubernetes: the API server can't be reached: Connection refused").And.Contains("networkPolicy.apiServer"));

        await _server.OpenAsync();

        Assert.That(await run.HasAsync("core", "tickets"));
        Assert.That(await run.HoldsAsync(() => run.Faults.Count == 0));
    }

    [Test]
    public async Task Api_server_that_takes_connections_and_says_nothing_does_not_hold_the_start_up()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        await using var server = new ApiServer(((System.Net.IPEndPoint)silent.LocalEndpoint).Port);
        var began = Stopwatch.GetTimestamp();

        await using var run = await DiscoveryRun.StartAsync(server, main: Core, schedule: new DiscoverySchedule { ListTimeout = TimeSpan.FromMilliseconds(200) });

        Assert.That(Stopwatch.GetElapsedTime(began), Is.LessThan(TimeSpan.FromSeconds(30)), "the client's own patience is 100 s");
        Assert.That(run.Faults, Has.One.Contains("the API server does not answer in time"));
        Assert.That(run.Backends.Keys, Is.EqualTo(new[] { "core" }));
    }

    [Test]
    public async Task Api_server_that_begins_an_answer_and_says_no_more_does_not_hold_the_start_up()
    {
        await _server.OpenAsync();
        _server.Put(ServiceExample.Of("tickets"));
        _server.FallSilent();

        await using var run = await DiscoveryRun.StartAsync(_server, main: Core, schedule: Impatient).WaitAsync(Patience);
        Assert.That(run.Backends.Keys, Is.EqualTo(new[] { "core" }));
        Assert.That(run.Faults, Has.One.Contains("the API server does not answer in time"));

        _server.Speak();

        Assert.That(await run.HasAsync("core", "tickets"));
        Assert.That(await run.HoldsAsync(() => run.Faults.Count == 0));
    }

    [Test]
    public async Task Api_server_that_falls_silent_in_a_later_list_is_named_and_asked_again()
    {
        await _server.OpenAsync();
        _server.Put(ServiceExample.Of("tickets"));
        await using var run = await DiscoveryRun.StartAsync(_server, schedule: Impatient);
        Assert.That(await Eventually.HoldsAsync(() => _server.Asked.Watches == 1));

        _server.FallSilent();
        _server.Compact();
        _server.Put(ServiceExample.Of("search"));
        Assert.That(await run.HoldsAsync(() => run.Faults is [var fault] && fault.Contains("the API server does not answer in time", StringComparison.Ordinal)));
        Assert.That(run.Backends.Keys, Is.EqualTo(new[] { "tickets" }));

        _server.Speak();

        Assert.That(await run.HasAsync("search", "tickets"));
        Assert.That(await run.HoldsAsync(() => run.Faults.Count == 0));
    }

    [Test]
    public async Task Stop_ends_a_start_that_waits_for_an_api_server()
    {
        await _server.OpenAsync();
        _server.FallSilent();
        using var folder = new Foundation.Configuration.ConfigFolder("discovery: {kubernetes: {enabled: true, kubeconfig: kubeconfig}}");
        folder.Write("kubeconfig", DiscoveryRun.Kubeconfig(_server.Url));
        using var discovery = new KubernetesDiscovery(
            folder.Load(), new DiscoverySchedule { ListTimeout = TimeSpan.FromHours(1) }, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<KubernetesDiscovery>.Instance);
        using var stop = new CancellationTokenSource();

        var preparing = discovery.PrepareAsync(stop.Token);
        Assert.That(await Eventually.HoldsAsync(() => _server.Asked.Lists == 1));
        await stop.CancelAsync();

        Assert.That(async () => await preparing.WaitAsync(Patience), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Backends_stay_while_the_api_server_is_away_and_what_happened_meanwhile_is_taken_up()
    {
        await _server.OpenAsync();
        _server.Put(ServiceExample.Of("tickets"), ServiceExample.Of("search"));
        await using var run = await DiscoveryRun.StartAsync(_server);

        await _server.CloseAsync();
        Assert.That(await run.HoldsAsync(() => run.Faults.Count == 1));
        Assert.That(run.Backends.Keys, Is.EquivalentTo(new[] { "search", "tickets" }));

        _server.Delete("payments", "tickets");
        _server.Put(ServiceExample.Of("issues"));
        await _server.OpenAsync();
        Assert.That(await run.HasAsync("issues", "search"));
        Assert.That(await run.HoldsAsync(() => run.Faults.Count == 0));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Watch_that_ends_or_breaks_goes_on_from_where_it_was(bool breaks)
    {
        await _server.OpenAsync();
        await using var run = await DiscoveryRun.StartAsync(_server);
        _server.Put(ServiceExample.Of("tickets"));
        Assert.That(await run.HasAsync("tickets"));

        if (breaks)
            _server.CutWatches();
        else
            _server.EndWatches();
        _server.Put(ServiceExample.Of("search"));

        Assert.That(await run.HasAsync("search", "tickets"));
        Assert.That(_server.Asked.Lists, Is.EqualTo(1));
        Assert.That(run.Faults, Is.Empty);
    }

    [Test]
    public async Task Version_that_is_gone_is_answered_by_a_new_list_and_is_no_fault()
    {
        await _server.OpenAsync();
        _server.Put(ServiceExample.Of("tickets"));
        await using var run = await DiscoveryRun.StartAsync(_server);
        Assert.That(await Eventually.HoldsAsync(() => _server.Asked.Watches == 1));

        _server.Compact();
        _server.Put(ServiceExample.Of("search"));

        Assert.That(await run.HasAsync("search", "tickets"));
        Assert.That(_server.Asked.Lists, Is.GreaterThan(1));
        Assert.That(run.Faults, Is.Empty);
    }

    [Test]
    public async Task Missing_role_is_named_with_the_namespace_and_the_mend()
    {
        await _server.OpenAsync();
        _server.Put(ServiceExample.Of("tickets"));
        _server.Forbid("list");
        await using var run = await DiscoveryRun.StartAsync(_server, main: Core);
        Assert.That(run.Faults, Has.One.StartsWith("Kubernetes namespace payments: discovery.kubernetes.namespaces: the API server forbids to list Services: services is forbidden: User")
            .And.Contains("Role with get, list and watch on services in 'payments'"));
        Assert.That(run.Backends.Keys, Is.EqualTo(new[] { "core" }));

        _server.Allow();

        Assert.That(await run.HasAsync("core", "tickets"));
        Assert.That(await run.HoldsAsync(() => run.Faults.Count == 0));
    }

    [Test]
    public async Task Role_without_watch_is_named_and_lists_are_taken_up_still()
    {
        await _server.OpenAsync();
        _server.Forbid("watch");
        await using var run = await DiscoveryRun.StartAsync(_server);
        Assert.That(await run.HoldsAsync(() => run.Faults is [var fault] && fault.Contains("forbids to watch Services", StringComparison.Ordinal)));

        _server.Put(ServiceExample.Of("tickets"));

        Assert.That(await run.HasAsync("tickets"));
    }

    [Test]
    public async Task Outside_a_cluster_and_without_a_kubeconfig_the_gateway_runs_on_and_says_so()
    {
        using var folder = new Foundation.Configuration.ConfigFolder($"discovery: {{kubernetes: {{enabled: true}}}}\n{Core}");
        var live = folder.Load();
        using var discovery = new KubernetesDiscovery(live, new DiscoverySchedule(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<KubernetesDiscovery>.Instance);

        await discovery.PrepareAsync(CancellationToken.None);

        Assert.That(live.Status.Errors.Single().ToString(), Does.StartWith("Kubernetes: discovery.kubernetes: there is no cluster to ask").And.Contain("kubeconfig"));
        Assert.That(live.Current.BackendCount, Is.EqualTo(1));
    }
}
