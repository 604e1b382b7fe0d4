using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Cortex.Catalog;

namespace Cortex.Mcp.Streams;

/// <summary>
/// Ids of the events of a legacy GET stream. Such an event is not kept: its id says which state of the lists its client has seen, so that any replica can
/// tell what has changed since. Text: <c>g</c>, then base64url of the digests (24 bytes), 4 random bytes of the stream and the event's number (4 bytes).
/// Who forges one deceives only himself.
/// </summary>
internal sealed class EventId
{
    /// <summary>First letter of every such id.</summary>
    public const char Mark = 'g';

    private const int Bytes = ListDigests.Length + 8;

    private readonly uint _stream = BinaryPrimitives.ReadUInt32BigEndian(RandomNumberGenerator.GetBytes(4));
    private uint _number;

    /// <summary>The id of the next event of this stream, whose client has seen <paramref name="seen"/>.</summary>
    public string Next(ListDigests seen)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        seen.Write(bytes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[ListDigests.Length..], _stream);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[(ListDigests.Length + 4)..], _number++);
        return Mark + Base64Url.EncodeToString(bytes);
    }

    /// <summary>What the client has seen that sends this id; null when it is none of ours.</summary>
    public static ListDigests? TryRead(string id)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        return id.Length == 1 + Base64Url.GetEncodedLength(Bytes) && id[0] == Mark
            && Base64Url.IsValid(id.AsSpan(1)) && Base64Url.TryDecodeFromChars(id.AsSpan(1), bytes, out var written) && written == Bytes
            ? ListDigests.Read(bytes)
            : null;
    }
}
