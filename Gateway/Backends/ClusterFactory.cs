using Microsoft.Extensions.Configuration;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace Cortex.Backends;

/// <summary>Makes a backend's YARP cluster: our defaults, over which the keys of <c>cluster:</c> are laid as they are.</summary>
internal static class ClusterFactory
{
    public static ClusterConfig Create(BackendDefinition backend)
    {
        var written = Written(backend);
        return written with
        {
            ClusterId = backend.Id.Value,
            LoadBalancingPolicy = written.LoadBalancingPolicy ?? "PowerOfTwoChoices",
            HealthCheck = written.HealthCheck ?? new HealthCheckConfig
            {
                Passive = new PassiveHealthCheckConfig { Enabled = true, Policy = "TransportFailureRate", ReactivationPeriod = TimeSpan.FromSeconds(10) },
                AvailableDestinationsPolicy = "HealthyOrPanic",
            },
            HttpRequest = (written.HttpRequest ?? new ForwarderRequestConfig()) with
            {
                ActivityTimeout = written.HttpRequest?.ActivityTimeout ?? DefaultActivityTimeout(backend),
            },
            Destinations = backend.Destinations
                .Select((address, index) => (address, index))
                .ToDictionary(pair => $"{backend.Id}-{pair.index}", pair => new DestinationConfig { Address = pair.address.ToString() }),
        };
    }

    /// <summary>Longer than any person is waited for in the middle of a call.</summary>
    private static readonly TimeSpan NoTimer = TimeSpan.FromDays(2);

    /// <summary>YARP's timer of silence: the whole call for a contract backend; none for a native one, where the call keeps its own time and a person may be asked meanwhile.</summary>
    private static TimeSpan DefaultActivityTimeout(BackendDefinition backend) => backend.Kind switch
    {
        BackendKind.Contract => backend.Options.Timeout,
        _ => NoTimer,
    };

    private static ClusterConfig Written(BackendDefinition backend) => backend.Options.Cluster is null
        ? new ClusterConfig()
        : new ConfigurationBuilder().AddInMemoryCollection(backend.Options.Cluster.Values).Build().Get<ClusterConfig>() ?? new ClusterConfig();
}
