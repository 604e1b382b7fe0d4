using System.Net.Sockets;
using System.Text;

namespace Cortex.Bench;

/// <summary>Streams of events that are held open and read, each on a connection of its own; disposing it breaks them all off.</summary>
internal sealed class StreamHold : IDisposable
{
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _reads = [];

    /// <summary>Streams that are still open.</summary>
    public int Open => _reads.Count(read => !read.IsCompleted);

    /// <summary>Sends the request and waits for the stream's first bytes.</summary>
    public async Task AddAsync(Uri address, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _sockets.Add(socket);
        await socket.ConnectAsync(address.Host, address.Port, cancellationToken);
        await socket.SendAsync(request, cancellationToken);
        var buffer = new byte[4096];
        var length = 0;
        while (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
                throw new IOException("The server closed the connection.");
            length += read;
        }

        if (!HttpConnection.IsSuccess(buffer) || buffer.AsSpan(0, length).IndexOf("text/event-stream"u8) < 0)
            throw new InvalidOperationException($"A stream was refused: {Encoding.UTF8.GetString(buffer, 0, length)}");
        _reads.Add(ReadAsync(socket, buffer));
    }

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    private static async Task ReadAsync(Socket socket, byte[] buffer)
    {
        try
        {
            while (await socket.ReceiveAsync(buffer) > 0)
            {
                // Comments that keep the stream alive.
            }
        }
        catch (SocketException)
        {
            // Broken off by this side.
        }
        catch (ObjectDisposedException)
        {
            // Likewise.
        }
    }
}
