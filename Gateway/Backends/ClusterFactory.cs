using Cortex.Foundation.Model;
using Microsoft.Extensions.Configuration;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace Cortex.Backends;

/// <summary>Makes a backend's YARP cluster: our defaults, over which the keys of <c>cluster:</c> are laid as they are.</summary>
internal static class ClusterFactory
{
    public static ClusterConfig Create(BackendDefinition backend) => CreateFrom(backend.Id, backend.Options, backend.Destinations);

    /// <summary>Makes it of options that may be faulty yet.</summary>
    /// <exception cref="InvalidOperationException">A value of <c>cluster:</c> is none of its key's type.</exception>
    public static ClusterConfig CreateFrom(BackendId id, BackendOptions options, IReadOnlyList<Uri> destinations)
    {
        var written = Written(options);
        return written with
        {
            ClusterId = id.Value,
            LoadBalancingPolicy = written.LoadBalancingPolicy ?? "PowerOfTwoChoices",
            HealthCheck = written.HealthCheck ?? new HealthCheckConfig
            {
                Passive = new PassiveHealthCheckConfig { Enabled = true, Policy = "TransportFailureRate", ReactivationPeriod = TimeSpan.FromSeconds(10) },
                AvailableDestinationsPolicy = "HealthyOrPanic",
            },
            HttpRequest = (written.HttpRequest ?? new ForwarderRequestConfig()) with
            {
                ActivityTimeout = written.HttpRequest?.ActivityTimeout ?? DefaultActivityTimeout(options),
            },
            Destinations = destinations
                .Select((address, index) => (address, index))
                .ToDictionary(pair => $"{id}-{pair.index}", pair => new DestinationConfig { Address = pair.address.ToString() }),
        };
    }

    /// <summary>Longer than any person is waited for in the middle of a call.</summary>
    private static readonly TimeSpan NoTimer = TimeSpan.FromDays(2);

    /// <summary>YARP's timer of silence: the whole call for a contract backend; none for a native one, where the call keeps its own time and a person may be asked meanwhile.</summary>
    private static TimeSpan DefaultActivityTimeout(BackendOptions options) => options.Kind switch
    {
        BackendKind.Contract => options.Timeout,
        _ => NoTimer,
    };

    private static ClusterConfig Written(BackendOptions options) => options.Cluster is null
        ? new ClusterConfig()
        : new ConfigurationBuilder().AddInMemoryCollection(options.Cluster.Values).Build().Get<ClusterConfig>() ?? new ClusterConfig();
}
