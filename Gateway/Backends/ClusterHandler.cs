using Cortex.Foundation.Outbound;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace Cortex.Backends;

/// <summary>
/// Sends a request of the gateway's own (catalog, handshake) to a backend over the YARP cluster's HTTP client, to one of its available
/// destinations. The request's path is kept; scheme and host are the destination's.
/// </summary>
/// <param name="proxy">YARP's live state.</param>
/// <param name="cluster">Id of the cluster.</param>
/// <param name="maxBytes">Most bytes it reads, over all replies: <see cref="HttpClient.MaxResponseContentBufferSize"/> does not hold for streams.</param>
/// <param name="destination">Id of the destination to use, or null for any that is available.</param>
internal sealed class ClusterHandler(IProxyStateLookup proxy, string cluster, long maxBytes, string? destination = null) : HttpMessageHandler
{
    private readonly ByteBudget _budget = new(maxBytes);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!proxy.TryGetCluster(cluster, out var state) || Pick(state) is not { } chosen)
            throw new HttpRequestException($"Backend '{cluster}' has no available destination.");
        request.RequestUri = new Uri(chosen.Model.Config.Address.TrimEnd('/') + request.RequestUri!.AbsolutePath);
        var response = await state.Model.HttpClient.SendAsync(request, cancellationToken);
        response.Content = await response.Content.LimitAsync(_budget, cancellationToken);
        return response;
    }

    private DestinationState? Pick(ClusterState state)
    {
        var available = state.DestinationsState.AvailableDestinations;
        if (destination is not null)
            return state.Destinations.GetValueOrDefault(destination);
        return available.Count == 0 ? null : available[Random.Shared.Next(available.Count)];
    }
}
