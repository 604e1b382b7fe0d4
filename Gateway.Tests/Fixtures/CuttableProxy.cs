using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Cortex.Tests.Fixtures;

/// <summary>A TCP proxy on this machine whose connections a test can cut, as a network does.</summary>
internal sealed class CuttableProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> _sockets = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource<int> _target = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;

    public CuttableProxy()
    {
        _listener.Start();
        Url = $"http://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect, without a trailing slash.</summary>
    public string Url { get; }

    /// <summary>Says which port of this machine stands behind the proxy; connections wait until then.</summary>
    public void Reach(int port) => _target.SetResult(port);

    /// <summary>Resets every connection that is open now. New ones are let through.</summary>
    public void Cut()
    {
        foreach (var (socket, _) in _sockets)
            socket.Close(0);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        Cut();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
                connections.Add(ConnectAsync(await _listener.AcceptSocketAsync(_ending.Token)));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }

        await Task.WhenAll(connections);
    }

    private async Task ConnectAsync(Socket inner)
    {
        using var client = inner;
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _sockets[client] = _sockets[server] = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, await _target.Task.WaitAsync(_ending.Token), _ending.Token);
            await Task.WhenAll(CopyAsync(client, server), CopyAsync(server, client));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side has gone, or was cut: so has the other.
        }
        finally
        {
            _sockets.TryRemove(client, out _);
            _sockets.TryRemove(server, out _);
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReceiveAsync(buffer, _ending.Token) is > 0 and var count)
        {
            for (var sent = 0; sent < count;)
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _ending.Token);
        }

        to.Shutdown(SocketShutdown.Send);
    }
}
