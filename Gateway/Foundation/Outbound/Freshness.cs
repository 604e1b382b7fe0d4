namespace Cortex.Foundation.Outbound;

/// <summary>How long a reply may be used again (<see href="https://www.rfc-editor.org/rfc/rfc9111#section-4.2">RFC 9111, section 4.2</see>). Pure.</summary>
internal static class Freshness
{
    /// <summary>The time left; zero when it must not be kept, null when the server does not say.</summary>
    public static TimeSpan? Of(HttpResponseMessage response, DateTimeOffset now)
    {
        var headers = response.Headers;
        if (headers.CacheControl is { NoStore: true } or { NoCache: true })
            return TimeSpan.Zero;
        var life = headers.CacheControl?.MaxAge ?? (response.Content.Headers.Expires is { } end ? end - (headers.Date ?? now) : null);
        if (life is not { } whole)
            return null;
        var left = whole - (headers.Age ?? TimeSpan.Zero);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
