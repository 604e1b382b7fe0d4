namespace Cortex.Identity.Callers;

/// <summary>
/// Which redirect URIs a client may register: https; http on this computer's loopback, with any port at the time of use
/// (<see href="https://www.rfc-editor.org/rfc/rfc8252#section-7.3">RFC 8252, section 7.3</see>); schemes of desktop and mobile apps.
/// </summary>
internal static class RedirectUriPolicy
{
    private const int MaxLength = 2_000;

    /// <summary>Schemes that a browser would run, show or hand to itself instead of an app.</summary>
    private static readonly HashSet<string> Dangerous = new(StringComparer.OrdinalIgnoreCase)
    {
        "javascript", "data", "file", "vbscript", "about", "blob", "filesystem", "view-source", "ftp", "ws", "wss", "mailto", "jar",
    };

    /// <summary>Why this redirect URI is refused; null when it may be registered.</summary>
    public static string? FindFault(string? text)
    {
        if (text is not { Length: > 0 and <= MaxLength } || text.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return $"must be 1 to {MaxLength} visible ASCII characters";
        if (text[0] == '/' || !Uri.TryCreate(text, UriKind.Absolute, out var uri))
            return "must be an absolute URI";
        if (text.Contains('#', StringComparison.Ordinal))
            return "must not have a fragment";
        if (Dangerous.Contains(uri.Scheme))
            return $"must not use the scheme {uri.Scheme}";
        if (uri.UserInfo.Length > 0)
            return "must not name a user";
        return uri.Scheme == Uri.UriSchemeHttp && !IsLoopback(uri) ? "must use https; http is for loopback addresses only" : null;
    }

    /// <summary>True for <c>localhost</c>, <c>127.0.0.1</c> and <c>[::1]</c>: a program on the person's own computer listens there.</summary>
    public static bool IsLoopback(Uri uri) => uri.Host is "localhost" or "127.0.0.1" or "[::1]";

    /// <summary>True when the client is an app on the person's device, by where it wants the answer.</summary>
    public static bool IsNative(Uri uri) => uri.Scheme is not ("https" or "http") || (uri.Scheme == Uri.UriSchemeHttp && IsLoopback(uri));

    /// <summary>The address as it is compared from one use to the next: a program that listens on loopback may choose another port each time.</summary>
    public static string WithoutLoopbackPort(Uri uri) =>
        uri.Scheme == Uri.UriSchemeHttp && IsLoopback(uri) ? new UriBuilder(uri) { Port = -1 }.Uri.AbsoluteUri : uri.AbsoluteUri;

    /// <summary>
    /// The addresses to store for a registered one: itself, and for loopback http also the form without a port, which matches every port.
    /// </summary>
    public static IEnumerable<Uri> ToStore(Uri uri)
    {
        yield return uri;
        if (uri.Scheme == Uri.UriSchemeHttp && !uri.IsDefaultPort)
            yield return new UriBuilder(uri) { Port = -1 }.Uri;
    }
}
