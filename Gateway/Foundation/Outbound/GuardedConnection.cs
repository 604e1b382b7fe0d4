using System.Net.Sockets;

namespace Cortex.Foundation.Outbound;

/// <summary>
/// Opens the connections of one level of trust: resolves the host once, and connects to the very addresses it checked.
/// </summary>
internal sealed class GuardedConnection(OutboundTrust trust, HostResolver resolve)
{
    /// <summary>A callback for <see cref="SocketsHttpHandler.ConnectCallback"/>; throws <see cref="HttpRequestException"/> when nothing may be reached.</summary>
    public async ValueTask<Stream> OpenAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = context.DnsEndPoint;
        var addresses = await resolve(target.Host, cancellationToken);
        var allowed = Array.FindAll(addresses, address => AddressPolicy.Allows(address, trust));
        if (allowed.Length == 0)
            throw new HttpRequestException(HttpRequestError.ConnectionError, $"The host '{target.Host}' has no address that may be called.");

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
