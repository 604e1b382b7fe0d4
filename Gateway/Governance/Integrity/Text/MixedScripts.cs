using System.Text;

namespace Cortex.Governance.Integrity.Text;

/// <summary>
/// Finds words that are not what they look like: (1) ASCII letters beside letters drawn like them, (2) words made of nothing but such letters, where
/// nothing else in the text is of their alphabet. Text that is really written in another alphabet is none of this.
/// </summary>
internal static class MixedScripts
{
    public static IEnumerable<Finding> Find(string text, string pointer)
    {
        if (!text.EnumerateRunes().Any(rune => Skeleton.FindPlain(rune.Value) is not null))
            return [];
        string[] words = [.. WordsOf(text)];
        var isForeign = words.Any(word => word.EnumerateRunes().Any(rune => IsGenuine(rune.Value)));
        return words
            .Where(word => IsMixed(word) || (!isForeign && IsMasked(word)))
            .Take(1)
            .Select(word => new Finding(FindingCodes.MixedScript, pointer, $"a word looks like '{Plain(word)}' and is not: {Spell(word)}"));
    }

    private static bool IsMixed(string word) =>
        word.Any(char.IsAsciiLetter) && word.EnumerateRunes().Any(rune => Skeleton.FindPlain(rune.Value) is not null);

    private static bool IsMasked(string word) =>
        word.EnumerateRunes().Count() > 1 && word.EnumerateRunes().All(rune => Skeleton.FindPlain(rune.Value) is not null);

    /// <summary>A letter of the alphabets with look-alikes that looks like no ASCII letter.</summary>
    private static bool IsGenuine(int character) =>
        character is (>= 0x0370 and <= 0x058F) or (>= 0x13A0 and <= 0x13FF) && Skeleton.FindPlain(character) is null;

    private static IEnumerable<string> WordsOf(string text)
    {
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || rune.Value == '_' || Skeleton.FindPlain(rune.Value) is not null)
            {
                word.Append(rune.ToString());
            }
            else if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }

        if (word.Length > 0)
            yield return word.ToString();
    }

    private static string Plain(string word) =>
        string.Concat(word.EnumerateRunes().Take(40).Select(rune => rune.IsAscii ? rune.ToString() : Skeleton.FindPlain(rune.Value) ?? "?"));

    private static string Spell(string word) =>
        string.Join(' ', word.EnumerateRunes().Where(rune => !rune.IsAscii).Take(5).Select(rune => $"U+{rune.Value:X4}"));
}
