namespace Cortex.Feedback.Wishes;

/// <summary>Light stemming of English: plurals, -ing, -ed, -ly and a mute e. Words of other languages lose little and stay themselves.</summary>
internal static class WishStem
{
    public static string Of(string word)
    {
        var stem = Participle(Plural(Adverb(word)));
        return stem.Length > 4 && stem[^1] == 'e' ? stem[..^1] : stem;
    }

    private static string Adverb(string word)
    {
        if (word.Length > 7 && Ends(word, "ically"))
            return word[..^4];
        return word.Length > 6 && Ends(word, "ly") && !Ends(word, "ply") ? word[..^2] : word;
    }

    private static string Plural(string word)
    {
        if (word.Length > 4 && Ends(word, "ies"))
            return word[..^3] + "y";
        if (word.Length > 4 && (Ends(word, "xes") || Ends(word, "ches") || Ends(word, "shes") || Ends(word, "sses") || Ends(word, "zes")))
            return word[..^2];
        return word.Length > 3 && Ends(word, "s") && !Ends(word, "ss") && !Ends(word, "us") && !Ends(word, "is") ? word[..^1] : word;
    }

    private static string Participle(string word)
    {
        var root = word.Length > 5 && Ends(word, "ing") ? word[..^3] : word.Length > 4 && Ends(word, "ed") ? word[..^2] : null;
        if (root is null || !root.Any(IsVowel))
            return word;
        if (root.Length == 3 && IsVowel(root[1]) && !IsVowel(root[2]) && !"wxy".Contains(root[2], StringComparison.Ordinal))
            return root + "e";
        var isDoubled = root.Length > 3 && root[^1] == root[^2];
        return isDoubled && (root.Length > 5 || !"lsz".Contains(root[^1], StringComparison.Ordinal)) ? root[..^1] : root;
    }

    private static bool IsVowel(char letter) => "aeiouy".Contains(letter, StringComparison.Ordinal);

    private static bool Ends(string word, string end) => word.EndsWith(end, StringComparison.Ordinal);
}
