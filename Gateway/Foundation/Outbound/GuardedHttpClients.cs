using System.Net;

namespace Cortex.Foundation.Outbound;

/// <summary>
/// One HTTP client for each level of trust. They follow no redirect, keep no cookies, and share no connection with another level.
/// Thread-safe; the clients live as long as this does and are not to be disposed.
/// </summary>
internal sealed class GuardedHttpClients : IDisposable
{
    private readonly Dictionary<OutboundTrust, HttpMessageInvoker> _invokers;
    private readonly Dictionary<OutboundTrust, HttpClient> _clients;

    public GuardedHttpClients(HostResolver resolve, TrustedRoots? roots = null)
    {
        var handlers = Enum.GetValues<OutboundTrust>().ToDictionary(trust => trust, trust => Create(trust, resolve, roots));
        _invokers = handlers.ToDictionary(entry => entry.Key, entry => new HttpMessageInvoker(entry.Value, disposeHandler: false));
        _clients = handlers.ToDictionary(entry => entry.Key, entry => new HttpClient(entry.Value) { Timeout = Timeout.InfiniteTimeSpan });
    }

    /// <summary>The client for addresses of this origin. Every request needs a deadline of its own.</summary>
    public HttpClient For(OutboundTrust trust) => _clients[trust];

    /// <summary>The same, for requests that a client of a library has begun.</summary>
    public HttpMessageInvoker InvokerFor(OutboundTrust trust) => _invokers[trust];

    public void Dispose()
    {
        foreach (var client in _clients.Values)
            client.Dispose();
        foreach (var invoker in _invokers.Values)
            invoker.Dispose();
    }

    private static AddressGuardHandler Create(OutboundTrust trust, HostResolver resolve, TrustedRoots? roots)
    {
        var discovered = trust is OutboundTrust.Discovered or OutboundTrust.DiscoveredOnLoopback;
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = 32,

            // Behind a proxy the address that is reached could not be checked.
            UseProxy = !discovered,
        };
        if (roots is not null)
            sockets.SslOptions.CertificateChainPolicy = roots.ToChainPolicy();
        if (discovered)
            sockets.ConnectCallback = new GuardedConnection(trust, resolve).OpenAsync;
        return new AddressGuardHandler(trust, sockets);
    }
}
