using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;

namespace Cortex.Mcp.Streams;

/// <summary>Id of an event on the stream of one call: <c>p</c> and 16 random characters for the stream, <c>-</c>, the event's number.</summary>
/// <param name="Stream">Id of the stream.</param>
/// <param name="Number">0 for the event that only opens the stream.</param>
internal readonly record struct StreamEventId(string Stream, long Number)
{
    private const int StreamLength = 17;

    /// <summary>The first id of a new stream.</summary>
    public static StreamEventId New() => new("p" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12)), 0);

    public static bool TryParse(string text, out StreamEventId id)
    {
        id = default;
        if (text.Length is < StreamLength + 2 or > 40 || text[0] != 'p' || text[StreamLength] != '-'
            || !long.TryParse(text.AsSpan(StreamLength + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !Base64Url.IsValid(text.AsSpan(1, StreamLength - 1)))
        {
            return false;
        }

        id = new StreamEventId(text[..StreamLength], number);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Stream}-{Number}");
}
