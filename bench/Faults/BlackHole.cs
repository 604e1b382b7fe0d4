using System.Net;
using System.Net.Sockets;

namespace Cortex.Bench.Faults;

/// <summary>
/// An address that swallows whoever connects, as a firewall does that drops packets: a port whose queue of connections is full and never emptied, so
/// that the system leaves every further one unanswered.
/// </summary>
internal sealed class BlackHole : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _queued = [];

    private BlackHole()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
    }

    public string Url => $"http://{_listener.LocalEndPoint}";

    public static async Task<BlackHole> OpenAsync()
    {
        var hole = new BlackHole();
        while (await hole.QueueAsync())
        {
            // One more is in the queue.
        }

        return hole;
    }

    public void Dispose()
    {
        _queued.ForEach(socket => socket.Dispose());
        _listener.Dispose();
    }

    /// <summary>Connects once more; false when that is no longer answered.</summary>
    private async Task<bool> QueueAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _queued.Add(socket);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await socket.ConnectAsync(_listener.LocalEndPoint!, patience.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
