using System.Buffers.Text;
using System.Net.Sockets;

namespace Cortex.Bench;

/// <summary>
/// One HTTP/1.1 connection that sends requests as they stand on the wire and reads each reply to its end. A client of its own, since the
/// framework's would cost as much as what is measured. Understands <c>Content-Length</c> and chunked replies, one at a time.
/// </summary>
internal sealed class HttpConnection(Uri address) : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[512 * 1024];

    public ValueTask OpenAsync(CancellationToken cancellationToken) => _socket.ConnectAsync(address.Host, address.Port, cancellationToken);

    /// <summary>One request and its whole reply, head and body; valid until the next.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ExchangeAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        await _socket.SendAsync(request, cancellationToken);
        var length = 0;
        do
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(length), cancellationToken);
            if (read == 0)
                throw new IOException(length == _buffer.Length ? $"The reply has more than {length} bytes." : "The server closed the connection.");
            length += read;
        }
        while (!IsWhole(_buffer.AsSpan(0, length)));
        return _buffer.AsMemory(0, length);
    }

    public static bool IsSuccess(ReadOnlySpan<byte> reply) => reply.StartsWith("HTTP/1.1 200"u8);

    public void Dispose() => _socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> reply)
    {
        var head = reply.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return false;
        if (reply.StartsWith("HTTP/1.1 204"u8))
            return true;
        var at = reply[..head].IndexOf("Content-Length: "u8);
        if (at < 0)
            return reply.EndsWith("\r\n0\r\n\r\n"u8);
        return Utf8Parser.TryParse(reply[(at + 16)..], out int length, out _) && reply.Length == head + 4 + length;
    }
}
