using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Cortex.Bench;

/// <summary>
/// Has another .NET process collect its whole heap, over the runtime's diagnostic socket: a session of events with the keyword that asks for a
/// collection, stopped again at once.
/// </summary>
/// <remarks><see href="https://github.com/dotnet/diagnostics/blob/main/documentation/design-docs/ipc-protocol.md"/></remarks>
internal static class Collector
{
    private const byte EventCommands = 2;
    private const byte StopTracing = 1;
    private const byte CollectTracing = 3;
    private const byte ServerReplies = 0xFF;
    private const int HeadLength = 20;
    private const long CollectHeap = 0x800000;

    private static readonly byte[] Magic = "DOTNET_IPC_V1\0"u8.ToArray();

    /// <summary>Collects, and waits until that is done.</summary>
    public static async Task CollectAsync(int processId, CancellationToken cancellationToken)
    {
        var socket = Directory.GetFiles(Path.GetTempPath(), $"dotnet-diagnostic-{processId}-*-socket").Single();
        using var events = await ConnectAsync(socket, cancellationToken);
        var session = await AskAsync(events, CollectTracing, Session(), cancellationToken);
        var drained = DrainAsync(events, cancellationToken);
        using (var stop = await ConnectAsync(socket, cancellationToken))
            await AskAsync(stop, StopTracing, BitConverter.GetBytes(session), cancellationToken);
        await drained;
    }

    /// <summary>Size of the buffer in MB, format, whether to add a rundown, and the one provider: keywords, level, name, no filter.</summary>
    private static byte[] Session()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        const string provider = "Microsoft-Windows-DotNETRuntime\0";
        writer.Write(16);
        writer.Write(1);
        writer.Write(false);
        writer.Write(1);
        writer.Write(CollectHeap);
        writer.Write(4);
        writer.Write(provider.Length);
        writer.Write(Encoding.Unicode.GetBytes(provider));
        writer.Write(0);
        return bytes.ToArray();
    }

    private static async Task<NetworkStream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>One command: the magic, the whole length, command set, command, two bytes of zero, the payload. The answer is a session's id.</summary>
    private static async Task<ulong> AskAsync(NetworkStream stream, byte command, byte[] payload, CancellationToken cancellationToken)
    {
        var message = new byte[HeadLength + payload.Length];
        Magic.CopyTo(message, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(14), (ushort)message.Length);
        message[16] = EventCommands;
        message[17] = command;
        payload.CopyTo(message, HeadLength);
        await stream.WriteAsync(message, cancellationToken);
        var answer = new byte[HeadLength + sizeof(ulong)];
        await stream.ReadExactlyAsync(answer.AsMemory(0, HeadLength), cancellationToken);
        if (answer[16] != ServerReplies || answer[17] != 0)
            throw new InvalidOperationException($"The runtime refused the diagnostic command {command}.");
        await stream.ReadExactlyAsync(answer.AsMemory(HeadLength), cancellationToken);
        return BinaryPrimitives.ReadUInt64LittleEndian(answer.AsSpan(HeadLength));
    }

    private static async Task DrainAsync(NetworkStream events, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        while (await events.ReadAsync(buffer, cancellationToken) > 0)
        {
            // Nobody wants the events.
        }
    }
}
