using System.Threading.Channels;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;

namespace Cortex.Backends.Discovery;

/// <summary>
/// Offers the configuration the backends that Services announce: once before the gateway listens, as far as the API server answers in time, and
/// then again whenever they change. The configuration takes them up as it does a changed file, within a few seconds.
/// </summary>
internal sealed partial class KubernetesDiscovery(
    LiveConfiguration configuration, DiscoverySchedule schedule, TimeProvider time, ILogger<KubernetesDiscovery> logger) : BackgroundService, IPreparation
{
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly KubernetesOptions _options = configuration.Get<DiscoveryOptions>().Kubernetes;

    private ClusterConnection.Open? _cluster;
    private ServiceWatch[] _watches = [];
    private DiscoveredBackends _offered = DiscoveredBackends.None;

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var kubeconfig = _options.Kubeconfig is { } file ? Path.GetFullPath(file, configuration.BaseDirectory) : null;
        switch (ClusterConnection.To(kubeconfig))
        {
            case ClusterConnection.Open open:
                _cluster = open;
                var namespaces = _options.Namespaces is [] ? [open.Namespace] : _options.Namespaces;
                var names = string.Join(", ", namespaces);
                _watches = [.. namespaces.Select(name => Watch(open, name))];
                await Task.WhenAll(_watches.Select(watch => watch.TryListAsync(cancellationToken)));
                Offer();
                Log.Started(logger, open.Client.BaseUri, names, _offered.Backends.Count);
                break;
            case ClusterConnection.None none:
                configuration.Offer(new DiscoveredBackends([], [ClusterFault.NoCluster(none.Reason)]));
                break;
        }

        configuration.Reload();
    }

    public override void Dispose()
    {
        base.Dispose();
        _cluster?.Client.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll([.. _watches.Select(watch => watch.RunAsync(stoppingToken)), OfferChangesAsync(stoppingToken)]);
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // The gateway stops: this is how the watches end, by whichever exception the client makes of it.
        }
    }

    private ServiceWatch Watch(ClusterConnection.Open cluster, string @namespace) => new(
        cluster.Client.CoreV1, @namespace, _options.LabelSelector, new ServiceReader(_options.AllowPlaintext), schedule, () => _changes.Writer.TryWrite(true), time, logger);

    /// <summary>Many changes at once become one.</summary>
    private async Task OfferChangesAsync(CancellationToken cancellationToken)
    {
        while (await _changes.Reader.WaitToReadAsync(cancellationToken))
        {
            await Task.Delay(schedule.Settle, time, cancellationToken);
            _changes.Reader.TryRead(out _);
            Offer();
        }
    }

    private void Offer()
    {
        var found = new DiscoveredBackends(
            [.. AnnouncedService.InOrder(_watches.Select(watch => watch.Found)).Select(service => service.Backend)],
            [.. _watches.Select(watch => watch.Fault).OfType<ConfigurationError>()]);
        if (found.Backends.SequenceEqual(_offered.Backends, ReferenceEqualityComparer.Instance) && found.Errors.SequenceEqual(_offered.Errors))
            return;
        _offered = found;
        configuration.Offer(found);
    }

    private static partial class Log
    {
        [LoggerMessage(2402, LogLevel.Information, "Discovery asks {Server} for Services in {Namespaces}; {Count} announce a backend", EventName = "DiscoveryStarted")]
        public static partial void Started(ILogger logger, Uri server, string namespaces, int count);
    }
}
