using System.Net;

namespace Cortex.Foundation.Outbound;

/// <summary>
/// One HTTP client for each level of trust. They follow no redirect, keep no cookies, and share no connection with another level.
/// Thread-safe; the clients live as long as this does and are not to be disposed.
/// </summary>
internal sealed class GuardedHttpClients : IDisposable
{
    private readonly Dictionary<OutboundTrust, HttpClient> _clients;

    public GuardedHttpClients(HostResolver resolve, TrustedRoots? roots = null) =>
        _clients = Enum.GetValues<OutboundTrust>().ToDictionary(trust => trust, trust => Create(trust, resolve, roots));

    /// <summary>The client for addresses of this origin. Every request needs a deadline of its own.</summary>
    public HttpClient For(OutboundTrust trust) => _clients[trust];

    public void Dispose()
    {
        foreach (var client in _clients.Values)
            client.Dispose();
    }

    private static HttpClient Create(OutboundTrust trust, HostResolver resolve, TrustedRoots? roots)
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
        return new HttpClient(new AddressGuardHandler(trust, sockets)) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
