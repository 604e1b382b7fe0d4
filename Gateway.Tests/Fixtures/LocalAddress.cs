using System.Net;
using System.Net.Sockets;

namespace Cortex.Tests.Fixtures;

/// <summary>Requests that come from a loopback address of choice: to the gateway another place on the network.</summary>
internal static class LocalAddress
{
    /// <summary>A handler without redirects.</summary>
    /// <param name="from">The address; null: whichever.</param>
    public static SocketsHttpHandler Handler(IPAddress? from)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        if (from is not null)
            handler.ConnectCallback = (context, cancellationToken) => ConnectAsync(from, context.DnsEndPoint, cancellationToken);
        return handler;
    }

    private static async ValueTask<Stream> ConnectAsync(IPAddress from, DnsEndPoint target, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(IPAddress.Loopback, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
