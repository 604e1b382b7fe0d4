using System.Globalization;
using System.Text;

namespace Cortex.Governance.Integrity.Text;

/// <summary>Finds characters that hide text from people, or show it to them differently from what it says.</summary>
internal static class SuspiciousCharacters
{
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>One finding a code, with the first character of its kind.</summary>
    public static IEnumerable<Finding> Find(string text, string pointer)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return [];
        Rune[] runes = [.. text.EnumerateRunes()];
        var hasRightToLeft = runes.Any(IsRightToLeft);
        return runes
            .Select((rune, at) => (Code: CodeOf(runes, at, hasRightToLeft), rune))
            .Where(found => found.Code is not null)
            .GroupBy(found => found.Code!)
            .Select(found => new Finding(found.Key, pointer, $"{found.Count()} of U+{found.First().rune.Value:X4} and the like"));
    }

    private static string? CodeOf(Rune[] runes, int at, bool hasRightToLeft)
    {
        var value = runes[at].Value;
        return value switch
        {
            '\t' or '\n' or '\r' => null,
            < 0x20 or (>= 0x7F and <= 0x9F) => FindingCodes.Control,
            < 0xAD => null,
            >= 0xE0000 and <= 0xE007F => FindingCodes.Tags,
            (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) => FindingCodes.Bidirectional,
            0x200E or 0x200F or 0x061C => hasRightToLeft ? null : FindingCodes.Bidirectional,
            ZeroWidthNonJoiner or ZeroWidthJoiner => Joins(runes, at) ? null : FindingCodes.Invisible,
            (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF) => Varies(runes, at) ? null : FindingCodes.Invisible,
            _ when IsInvisible(value) => FindingCodes.Invisible,
            _ when Rune.GetUnicodeCategory(runes[at]) == UnicodeCategory.PrivateUse => FindingCodes.PrivateUse,
            _ => null,
        };
    }

    private static bool IsInvisible(int value) => value is
        0xAD or 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x180E or 0x200B or 0x2028 or 0x2029 or 0x2800 or 0x3164 or 0xFEFF or 0xFFA0
        or (>= 0x180B and <= 0x180D) or 0x180F or (>= 0x2060 and <= 0x2065) or (>= 0x206A and <= 0x206F) or (>= 0xFFF0 and <= 0xFFFB)
        or (>= 0x1BCA0 and <= 0x1BCA3) or (>= 0x1D173 and <= 0x1D17A) or (>= 0xE0080 and <= 0xE0FFF);

    /// <summary>True where writing needs a joiner: within emoji, and between letters of scripts that join.</summary>
    private static bool Joins(Rune[] runes, int at)
    {
        if (at == 0 || at == runes.Length - 1)
            return false;
        var (before, after) = (runes[at - 1], runes[at + 1]);
        var isEmoji = (IsSymbol(before) || before.Value == 0xFE0F) && IsSymbol(after);
        return isEmoji || (before.Value is >= 0x0600 and <= 0x1DFF && after.Value is >= 0x0600 and <= 0x1DFF && IsOfWord(before) && IsOfWord(after));
    }

    /// <summary>True where a variation selector chooses how one symbol is drawn.</summary>
    private static bool Varies(Rune[] runes, int at) => at > 0 && runes[at].Value switch
    {
        0xFE0E or 0xFE0F => IsSymbol(runes[at - 1]) || runes[at - 1].Value is (>= '0' and <= '9') or '#' or '*',
        >= 0xE0100 => runes[at - 1].Value is (>= 0x3400 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF),
        _ => Rune.GetUnicodeCategory(runes[at - 1]) == UnicodeCategory.MathSymbol,
    };

    private static bool IsSymbol(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.OtherSymbol or UnicodeCategory.MathSymbol or UnicodeCategory.ModifierSymbol or UnicodeCategory.OtherPunctuation && rune.Value > 0x7F;

    private static bool IsOfWord(Rune rune) => Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsRightToLeft(Rune rune) => rune.Value
        is (>= 0x0590 and <= 0x08FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFC) or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF);
}
