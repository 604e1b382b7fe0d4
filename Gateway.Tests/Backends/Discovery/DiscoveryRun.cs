using Cortex.Backends;
using Cortex.Backends.Discovery;
using Cortex.Foundation.Configuration;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Foundation.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cortex.Tests.Backends.Discovery;

/// <summary>Discovery at work on a configuration of its own.</summary>
internal sealed class DiscoveryRun : IAsyncDisposable
{
    private static readonly DiscoverySchedule Schedule = new()
    {
        FirstRetry = TimeSpan.FromMilliseconds(20),
        LongestRetry = TimeSpan.FromMilliseconds(100),
        Settle = TimeSpan.FromMilliseconds(20),
    };

    private readonly KubernetesDiscovery _discovery;

    private DiscoveryRun(ConfigFolder folder, LiveConfiguration live, KubernetesDiscovery discovery) => (Folder, Live, _discovery) = (folder, live, discovery);

    public ConfigFolder Folder { get; }

    public LiveConfiguration Live { get; }

    /// <summary>The backends that run.</summary>
    public BackendsOptions Backends => Live.Get<BackendsOptions>();

    /// <summary>Every fault, as the log and the operator API show it.</summary>
    public IReadOnlyList<string> Faults => [.. Live.Status.Errors.Select(error => error.ToString())];

    /// <summary>How often the configuration took something up, the start not counted.</summary>
    public int Reloads { get; private set; }

    /// <summary>Starts as the gateway does, up to where it would listen.</summary>
    /// <param name="server">Whom to ask.</param>
    /// <param name="namespaces">Where to look; empty: in the namespace of the kubeconfig.</param>
    /// <param name="options">Further keys of <c>discovery.kubernetes</c>.</param>
    /// <param name="main">Further root keys.</param>
    /// <param name="schedule">How patient it is; null: not very.</param>
    public static Task<DiscoveryRun> StartAsync(
        ApiServer server, string namespaces = "payments", string options = "allowPlaintext: true", string main = "", DiscoverySchedule? schedule = null) =>
        StartAsync(Kubeconfig(server.Url), namespaces, options, main, schedule);

    /// <summary>The same, with a kubeconfig of the test's own.</summary>
    public static async Task<DiscoveryRun> StartAsync(string kubeconfig, string namespaces = "payments", string options = "allowPlaintext: true", string main = "", DiscoverySchedule? schedule = null)
    {
        var folder = new ConfigFolder($"discovery: {{kubernetes: {{enabled: true, kubeconfig: kubeconfig, namespaces: [{namespaces}], {options}}}}}\n{main}");
        folder.Write("kubeconfig", kubeconfig);
        var live = folder.Load();
        var run = new DiscoveryRun(folder, live, new KubernetesDiscovery(live, schedule ?? Schedule, TimeProvider.System, NullLogger<KubernetesDiscovery>.Instance));
        await run._discovery.PrepareAsync(CancellationToken.None);
        await run._discovery.StartAsync(CancellationToken.None);
        return run;
    }

    /// <summary>Waits until these backends run, and no others.</summary>
    public Task<bool> HasAsync(params string[] names) => HoldsAsync(() => names.Order(StringComparer.Ordinal).SequenceEqual(Backends.Keys.Order(StringComparer.Ordinal), StringComparer.Ordinal));

    /// <summary>Waits until a condition holds, looking at the configuration again as the gateway does.</summary>
    public Task<bool> HoldsAsync(Func<bool> condition) => Eventually.HoldsAsync(() =>
    {
        if (Live.Reload() is not ReloadResult.Unchanged)
            Reloads++;
        return condition();
    });

    public async ValueTask DisposeAsync()
    {
        await _discovery.StopAsync(CancellationToken.None);
        _discovery.Dispose();
        Folder.Dispose();
    }

    /// <summary>A kubeconfig for a server, in the namespace <c>tools</c>.</summary>
    public static string Kubeconfig(string url) =>
        $$"""
        apiVersion: v1
        kind: Config
        current-context: test
        clusters:
          - name: test
            cluster: { server: "{{url}}" }
        users:
          - name: test
            user: { token: a-token }
        contexts:
          - name: test
            context: { cluster: test, user: test, namespace: tools }
        """;
}
