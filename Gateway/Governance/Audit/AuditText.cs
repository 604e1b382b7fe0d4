using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Cortex.Governance.Audit;

/// <summary>
/// The last gate before a text out of a request is kept for good: no addresses, no tokens, no queries of URLs, nothing a terminal or a database
/// chokes on, nothing endless. Who writes a record still leaves personal data out; this catches what slipped through.
/// </summary>
internal static partial class AuditText
{
    /// <summary>Longest name that is kept, in characters.</summary>
    public const int MaxName = 200;

    /// <summary>Longest detail that is kept, in characters.</summary>
    public const int MaxDetail = 500;

    private const int MaxExamined = 4096;

    /// <summary>The text as it may be kept; null stays null.</summary>
    public static string? Clean(string? text, int maxLength)
    {
        if (text is null)
            return null;
        var clean = text.Length <= MaxExamined ? text : text[..MaxExamined];
        if (clean.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            clean = Printable(clean);
        if (clean.Contains("://", StringComparison.Ordinal))
            clean = UrlQuery().Replace(clean, "$1");
        if (clean.Contains('@', StringComparison.Ordinal))
            clean = EMail().Replace(clean, "[e-mail]");
        if (clean.Contains("eyJ", StringComparison.Ordinal) || clean.Contains("cortex_pat_", StringComparison.OrdinalIgnoreCase) || clean.Contains("bearer", StringComparison.OrdinalIgnoreCase))
            clean = Token().Replace(clean, "[token]");
        return clean.Length <= maxLength ? clean : clean[..(maxLength - 1)] + "…";
    }

    /// <summary>Control and format characters, line separators and broken surrogates become <c>U+FFFD</c>.</summary>
    private static string Printable(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var keep = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
            result.Append(keep ? rune : Rune.ReplacementChar);
        }

        return result.ToString();
    }

    [GeneratedRegex(@"([a-z][a-z0-9+.-]*://[^\s?#]*)[?#]\S*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex UrlQuery();

    [GeneratedRegex(@"[^\s@<>()\[\]""',:;/=]{1,64}@[^\s@<>()\[\]""',:;/=]+", RegexOptions.CultureInvariant)]
    private static partial Regex EMail();

    [GeneratedRegex(@"\bbearer\s+\S+|cortex_pat_\w*|\beyJ[A-Za-z0-9_-]{6,}(\.[A-Za-z0-9_-]*)*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Token();
}
