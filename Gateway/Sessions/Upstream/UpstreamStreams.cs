using Cortex.Backends;
using Yarp.ReverseProxy;

namespace Cortex.Sessions.Upstream;

/// <summary>Opens a legacy native server's event stream by GET, in the caller's session.</summary>
internal sealed class UpstreamStreams(IProxyStateLookup proxy)
{
    /// <summary>The server's reply, whose body is a stream of events; null when it gives none. The caller disposes it.</summary>
    /// <param name="backend">Whose stream.</param>
    /// <param name="session">The caller's session there.</param>
    /// <param name="credential">The caller's credential.</param>
    /// <param name="lastEventId">Id of the event behind which the stream is to be taken up; null for one of its own.</param>
    /// <param name="cancellationToken">Ends the wait for the reply's head.</param>
    /// <exception cref="HttpRequestException">The server can't be reached.</exception>
    public async Task<UpstreamStream?> OpenAsync(
        BackendDefinition backend,
        UpstreamSession session,
        IReadOnlyList<KeyValuePair<string, string>> credential,
        string? lastEventId,
        CancellationToken cancellationToken)
    {
        var http = new HttpClient(new ClusterHandler(proxy, backend.Id.Value, long.MaxValue, session.Destination)) { Timeout = Timeout.InfiniteTimeSpan };
        var reply = default(HttpResponseMessage);
        try
        {
            using var request = UpstreamHttp.Get(backend, session, credential, lastEventId);
            reply = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (reply.IsSuccessStatusCode && reply.Content.Headers.ContentType?.MediaType == "text/event-stream")
                return new UpstreamStream(http, reply, await reply.Content.ReadAsStreamAsync(cancellationToken));
        }
        catch
        {
            reply?.Dispose();
            http.Dispose();
            throw;
        }

        reply.Dispose();
        http.Dispose();
        return null;
    }
}

/// <summary>An open stream of events of a native server.</summary>
internal sealed class UpstreamStream(HttpClient http, HttpResponseMessage reply, Stream body) : IDisposable
{
    public Stream Body => body;

    public void Dispose()
    {
        body.Dispose();
        reply.Dispose();
        http.Dispose();
    }
}
