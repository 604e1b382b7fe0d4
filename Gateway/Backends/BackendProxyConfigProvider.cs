using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace Cortex.Backends;

/// <summary>Gives YARP one cluster and one internal route for each backend, and tells it when they change.</summary>
internal sealed class BackendProxyConfigProvider : IProxyConfigProvider, IDisposable
{
    private readonly BackendRegistry _registry;
    private volatile Snapshot _current;

    public BackendProxyConfigProvider(BackendRegistry registry)
    {
        _registry = registry;
        _current = new Snapshot(registry.Current);
        registry.Changed += Swap;
    }

    public IProxyConfig GetConfig() => _current;

    public void Dispose() => _registry.Changed -= Swap;

    private void Swap()
    {
        var previous = _current;
        _current = new Snapshot(_registry.Current);
        previous.SignalChange();
    }

    private sealed class Snapshot : IProxyConfig
    {
        private readonly ConfigurationReloadToken _changed = new();

        public Snapshot(BackendSnapshot backends)
        {
            Routes = [.. backends.All.Select(BackendRoutes.Create)];
            Clusters = [.. backends.All.Select(ClusterFactory.Create)];
        }

        public IReadOnlyList<RouteConfig> Routes { get; }

        public IReadOnlyList<ClusterConfig> Clusters { get; }

        public IChangeToken ChangeToken => _changed;

        public void SignalChange() => _changed.OnReload();
    }
}
