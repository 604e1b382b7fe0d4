namespace Cortex.Feedback.Wishes;

/// <summary>
/// How alike the meanings of two wishes are: 1 for the same ones, else the share that both have (Jaccard), where a word may be misspelt. 0 whenever each side
/// has something that the other lacks (PDF here, CSV there), or one has more and that more is telling (<see cref="WishLexicon.IsTelling"/>).
/// </summary>
internal static class WishSimilarity
{
    private const int LeastTypoLength = 5;

    public static double Of(IReadOnlyList<string> one, IReadOnlyList<string> other)
    {
        var left = one.Except(other, StringComparer.Ordinal).ToList();
        var right = other.Except(one, StringComparer.Ordinal).ToList();
        foreach (var word in left.ToArray())
        {
            if (right.Find(candidate => IsMisspelling(word, candidate)) is not { } twin)
                continue;
            left.Remove(word);
            right.Remove(twin);
        }

        if (left.Count > 0 && right.Count > 0)
            return 0;
        var extra = left.Count > 0 ? left : right;
        if (extra.Exists(WishLexicon.IsTelling))
            return 0;
        double most = Math.Max(one.Count, other.Count);
        return most == 0 ? 0 : (most - extra.Count) / most;
    }

    /// <summary>Two letters exchanged, one doubled or not, or one vowel for another: <c>calender</c>. What makes another word (contact, contract) is none.</summary>
    private static bool IsMisspelling(string one, string other)
    {
        if (one[0] != other[0] || Math.Min(one.Length, other.Length) < LeastTypoLength || WishLexicon.IsTelling(one) || WishLexicon.IsTelling(other))
            return false;
        var at = one.AsSpan().CommonPrefixLength(other);
        var (a, b) = one.Length >= other.Length ? (one, other) : (other, one);
        return (a.Length - b.Length) switch
        {
            0 => at < a.Length && (IsVowelForVowel(a, b, at) || IsExchange(a, b, at)),
            1 => at > 0 && a[at] == a[at - 1] && a.AsSpan(at + 1).SequenceEqual(b.AsSpan(at)),
            _ => false,
        };
    }

    private static bool IsVowelForVowel(string a, string b, int at) =>
        IsVowel(a[at]) && IsVowel(b[at]) && a.AsSpan(at + 1).SequenceEqual(b.AsSpan(at + 1));

    private static bool IsExchange(string a, string b, int at) =>
        at + 1 < a.Length && a[at] == b[at + 1] && a[at + 1] == b[at] && a.AsSpan(at + 2).SequenceEqual(b.AsSpan(at + 2));

    private static bool IsVowel(char letter) => letter is 'a' or 'e' or 'i' or 'o' or 'u';
}
