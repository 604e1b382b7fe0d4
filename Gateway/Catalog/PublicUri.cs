using Cortex.Foundation.Model;

namespace Cortex.Catalog;

/// <summary>
/// The form of a resource URI that names its backend: <c>cortex+&lt;backend&gt;+&lt;uri&gt;</c>, so <c>test://x</c> of <c>docs</c> is
/// <c>cortex+docs+test://x</c>. Only the scheme grows, so what is valid stays valid
/// (<see href="https://www.rfc-editor.org/rfc/rfc3986#section-3.1">RFC 3986</see>), templates stay templates, and the original follows the
/// second plus. A scheme can't hold <c>_</c>, which a backend's name can, and the name can't hold <c>.</c>: one stands for the other.
/// </summary>
internal static class PublicUri
{
    private const string Start = "cortex+";

    public static string Of(BackendId backend, string original) => $"{Start}{backend.Value.Replace('_', '.')}+{original}";

    /// <summary>True for a URI that could be taken for one that names a backend.</summary>
    public static bool IsReserved(string uri) => uri.StartsWith(Start, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the form; false for any other URI.</summary>
    public static bool TryParse(string uri, out BackendId backend, out string original)
    {
        backend = default;
        original = uri;
        if (!IsReserved(uri) || uri.IndexOf('+', Start.Length) is not (> 0 and var end)
            || uri.AsSpan(Start.Length, end - Start.Length).Contains('_')
            || !BackendId.TryParse(uri[Start.Length..end].ToLowerInvariant().Replace('.', '_'), out backend))
            return false;
        original = uri[(end + 1)..];
        return true;
    }

    /// <summary>The URI as <paramref name="backend"/> itself knows it; the same instance when it was not renamed.</summary>
    public static string OriginalFor(BackendId backend, string uri) =>
        TryParse(uri, out var named, out var original) && named == backend ? original : uri;
}
