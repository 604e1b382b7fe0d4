using System.Text;
using System.Text.RegularExpressions;

namespace Cortex.Feedback.Wishes;

/// <summary>
/// Turns the text of a wish into what is compared. (1) NFKC, small letters; (2) turns of phrase become one word; (3) words without meaning here are dropped;
/// (4) each word becomes its meaning; (5) meanings that others imply are dropped. Deterministic, and the same on every machine.
/// </summary>
internal static partial class WishText
{
    /// <summary>Marks where something comes from when the text also says where it goes: <c>from Drive to Dropbox</c> is not the way back.</summary>
    public const string Origin = "from:";

    private const char FirstFullWidth = '\uFF01';
    private const char LastFullWidth = '\uFF5E';

    private static readonly (Regex Pattern, string Replacement)[] Phrases =
    [
        (Apostrophe(), "$1"),
        (Lament(), " "),
        (PrefixHyphen(), "$1$2"),
        (SaveAs(), "export $1 as $2"),
        (FormatFile(), "$1"),
        (LightVerb(), "$1"),
        (ChangeName(), "rename"),
        (TurnOff(), "disable"),
        (TurnOn(), "enable"),
        (LookUp(), "search"),
        (DueDate(), "deadline"),
        (OutOfOffice(), "outofoffice"),
        (EveryWeek(), "weekly"),
        (EveryDay(), "daily"),
        (EveryMonth(), "monthly"),
        (AtOnce(), "bulk"),
        (Email(), "email"),
        (LaterTime(), "later"),
    ];

    /// <summary>What a word implies: the second says nothing beside the first.</summary>
    private static readonly (string Concept, string Implied)[] Implications = [("attach", "file"), ("show", "all")];

    /// <summary>The wording without what people vary without meaning it: compatibility forms, case, punctuation, whitespace.</summary>
    public static string Plain(string text)
    {
        var folded = Fold(text);
        var words = string.Join(' ', Words(folded));
        return words.Length > 0 ? words : string.Concat(folded.Where(letter => !char.IsWhiteSpace(letter)));
    }

    /// <summary>The meanings in the text, sorted, each once. A text of fillers alone means its words.</summary>
    public static IReadOnlyList<string> Terms(string text)
    {
        var folded = Phrases.Aggregate(Fold(text), (current, phrase) => phrase.Pattern.Replace(current, phrase.Replacement));
        var words = Words(folded).ToArray();
        var terms = new SortedSet<string>(StringComparer.Ordinal);
        var hasGoal = words.Contains("to") || words.Contains("into");
        for (var i = 0; i < words.Length; i++)
        {
            if (!WishLexicon.IsFiller(words[i]))
                terms.Add((hasGoal && i > 0 && words[i - 1] == "from" ? Origin : "") + WishLexicon.ConceptOf(words[i]));
        }

        foreach (var (concept, implied) in Implications)
        {
            if (terms.Contains(concept))
                terms.Remove(implied);
        }

        return terms.Count > 0 ? [.. terms] : [.. Plain(text).Split(' ').Distinct().Order(StringComparer.Ordinal)];
    }

    // Without ICU normalization leaves everything but ASCII as it is, so the forms of full width are folded here.
    private static string Fold(string text) => string.Create(text.Length, text, (folded, source) =>
    {
        for (var i = 0; i < source.Length; i++)
            folded[i] = source[i] is >= FirstFullWidth and <= LastFullWidth ? (char)(source[i] - FirstFullWidth + '!') : source[i];
    }).Normalize(NormalizationForm.FormKC).ToLowerInvariant().Replace('’', '\'');

    private static IEnumerable<string> Words(string text) => Word().Matches(text).Select(match => match.Value);

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}%+#]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"'(?:s\b)?|(n)'(?=t\b)", RegexOptions.CultureInvariant)]
    private static partial Regex Apostrophe();

    [GeneratedRegex(@"\b(?:there\s*(?:is|are|s)\s+)?(?:currently\s+)?no\s+(?:way|option|tool|button|support|possibility|means|method|feature|function|command)\b|\b(?:can\s*not|unable)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Lament();

    [GeneratedRegex(@"\b(re|un|pre|multi|auto|sub|e)-(\p{L})", RegexOptions.CultureInvariant)]
    private static partial Regex PrefixHyphen();

    [GeneratedRegex(@"\bsav(?:e|ing)\s+(.{1,80}?)\s+(?:as|to)\s+(?:an?\s+)?(pdf|csv|json|xml|xlsx|excel|word|docx|markdown|html|zip|png)s?\b", RegexOptions.CultureInvariant)]
    private static partial Regex SaveAs();

    [GeneratedRegex(@"\b(pdf|csv|json|xml|xlsx|excel|word|docx|markdown|html|zip|png)\s+(?:files?|documents?|formats?|spreadsheets?|sheets?|workbooks?)\b", RegexOptions.CultureInvariant)]
    private static partial Regex FormatFile();

    [GeneratedRegex(@"\b(?:add|mak|make|leav|leave|writ|write|giv|give|issu|issue|send|post)(?:ing)?\s+(?:(?:an?|the|new)\s+)*(tag|label|comment|copy|refund|attachment|invitation|reply)(?:s|es)?\b", RegexOptions.CultureInvariant)]
    private static partial Regex LightVerb();

    [GeneratedRegex(@"\bchang(?:e|ing)\s+the\s+names?\s+of\b", RegexOptions.CultureInvariant)]
    private static partial Regex ChangeName();

    [GeneratedRegex(@"\b(?:turn|switch)(?:ing)?\s+off\b", RegexOptions.CultureInvariant)]
    private static partial Regex TurnOff();

    [GeneratedRegex(@"\b(?:turn|switch)(?:ing)?\s+on\b", RegexOptions.CultureInvariant)]
    private static partial Regex TurnOn();

    [GeneratedRegex(@"\blook(?:ing)?\s+up\b", RegexOptions.CultureInvariant)]
    private static partial Regex LookUp();

    [GeneratedRegex(@"\bdue\s+dates?\b", RegexOptions.CultureInvariant)]
    private static partial Regex DueDate();

    [GeneratedRegex(@"\bout[\s-]of[\s-]office\b", RegexOptions.CultureInvariant)]
    private static partial Regex OutOfOffice();

    [GeneratedRegex(@"\b(?:every|each)\s+week\b", RegexOptions.CultureInvariant)]
    private static partial Regex EveryWeek();

    [GeneratedRegex(@"\b(?:every|each)\s+day\b", RegexOptions.CultureInvariant)]
    private static partial Regex EveryDay();

    [GeneratedRegex(@"\b(?:every|each)\s+month\b", RegexOptions.CultureInvariant)]
    private static partial Regex EveryMonth();

    [GeneratedRegex(@"\b(?:(?:all\s+)?at\s+once|in\s+one\s+go)\b", RegexOptions.CultureInvariant)]
    private static partial Regex AtOnce();

    [GeneratedRegex(@"\be-mails?\b", RegexOptions.CultureInvariant)]
    private static partial Regex Email();

    [GeneratedRegex(@"\blater\s+time\b", RegexOptions.CultureInvariant)]
    private static partial Regex LaterTime();
}
