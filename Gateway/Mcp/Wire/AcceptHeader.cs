using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Cortex.Mcp.Wire;

/// <summary>
/// What a client accepts in reply. A missing header accepts everything, as HTTP has it; the most specific range that covers a type decides, and
/// <c>q=0</c> refuses it.
/// </summary>
internal static class AcceptHeader
{
    private const string Json = "application/json";
    private const string EventStream = "text/event-stream";
    private const string UsualValue = $"{Json}, {EventStream}";

    /// <summary>True when a POST may be answered: by JSON or by a stream of events, whichever the answer turns out to be.</summary>
    public static bool AllowsAnswers(StringValues accept) =>
        accept == UsualValue || (Allows(accept, Json) && Allows(accept, EventStream));

    /// <summary>True when a GET may be answered: by a stream of events.</summary>
    public static bool AllowsStream(StringValues accept) => Allows(accept, EventStream);

    private static bool Allows(StringValues accept, string mediaType)
    {
        if (StringValues.IsNullOrEmpty(accept))
            return true;
        if (!MediaTypeHeaderValue.TryParseList(accept.ToArray()!, out var ranges))
            return false;
        var wanted = new MediaTypeHeaderValue(mediaType);
        return ranges
            .Where(range => wanted.IsSubsetOf(WithoutParameters(range)))
            .OrderBy(range => range.MatchesAllTypes ? 2 : range.MatchesAllSubTypes ? 1 : 0)
            .FirstOrDefault() is { } deciding && deciding.Quality is not 0;
    }

    /// <summary>A charset or another parameter says how, not what.</summary>
    private static MediaTypeHeaderValue WithoutParameters(MediaTypeHeaderValue range) => new(range.MediaType);
}
