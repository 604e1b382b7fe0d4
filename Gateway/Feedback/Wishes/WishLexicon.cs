using System.Collections.Frozen;

namespace Cortex.Feedback.Wishes;

/// <summary>
/// What words mean in wishes about software. Each line of the lists is one meaning, named by its first word. Only words that people exchange freely stand on
/// one line: a doubtful pair stays apart, for a wish that was joined wrongly is lost, and one that was kept apart only counts less.
/// </summary>
internal static class WishLexicon
{
    private static readonly string[] ActionLines =
    [
        "create add make new insert", "delete remove erase discard trash", "restore recover undelete", "edit update change modify", "show see view display list read browse",
        "search find", "export download", "import", "upload", "copy duplicate clone", "move transfer relocate", "share", "rename", "archive", "merge combine", "split",
        "assign", "unassign", "attach attachment", "detach", "cancel", "stop", "start", "pause", "resume", "enable", "disable", "lock", "unlock", "block", "unblock",
        "pin", "unpin", "hide", "unhide", "mark", "unmark", "approve", "reject", "sort", "filter", "group", "schedule", "publish", "unpublish", "invite invitation",
        "translate translation", "convert conversion", "upgrade", "downgrade", "refund", "reset", "print", "track", "sign", "encrypt", "decrypt", "run execute",
        "subscribe", "unsubscribe", "undo", "redo", "validate", "verify", "release", "close", "reopen", "open", "lend", "book", "comment", "tag label",
    ];

    private static readonly string[] ThingLines =
    [
        "user person people member colleague teammate coworker someone somebody", "folder directory", "picture image photo", "chart graph plot diagram draw", "xlsx excel",
        "meeting appointment event", "deadline", "version revision", "email mail", "notification notify alert", "reply answer", "recurring repeating repeated repeat repeats recur",
        "currency currencies", "url link hyperlink", "weekly", "daily", "monthly", "yearly",
    ];

    private static readonly string[] GuardLines =
        ["bulk multiple several many batch", "all every entire whole", "not", "no", "never", "without", "except", "only", "before", "after", "until", "since"];

    private static readonly FrozenDictionary<string, string> ConceptByWord = ((string[])[.. ActionLines, .. ThingLines, .. GuardLines])
        .SelectMany(line => line.Split(' ').SelectMany(word => new[] { word, WishStem.Of(word) }.Distinct().Select(form => (Form: form, Concept: line.Split(' ')[0]))))
        .DistinctBy(entry => entry.Form)
        .ToFrozenDictionary(entry => entry.Form, entry => entry.Concept, StringComparer.Ordinal);

    /// <summary>Meanings that tell two wishes apart wherever one has them and the other has not: what is done, how much of it, and what turns it round.</summary>
    private static readonly FrozenSet<string> Telling =
        FrozenSet.ToFrozenSet(((string[])[.. ActionLines, .. GuardLines]).Select(line => line.Split(' ')[0]), StringComparer.Ordinal);

    private static readonly FrozenSet<string> Fillers = FrozenSet.ToFrozenSet(
        """
        a an the this that these those it its them they their there here which what who whose me my mine our us we i im id ill ive you your he she his her agent
        is are was were be been being am do does did done has have had having can could should would will shall may might must cannot cant couldnt unable impossible
        want wants wanted need needs needed like wish wishes please let lets allow allows able ability possible possibility possibly way option feature tool function
        functionality support supported capability method means button command missing lacks lack get gets getting give send sends sending receive set setup up
        of in on for with to at by as via using use into onto from against about per so and or then also just really directly easily simply quickly currently now
        some any another other others else one include includes including own's existing
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> NumberWords =
        "zero=0 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 twice=2".Split(' ').Select(pair => pair.Split('='))
            .ToFrozenDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    public static bool IsFiller(string word) => Fillers.Contains(word);

    /// <summary>The meaning of a word in small letters: the name of its line, its number, or its stem.</summary>
    public static string ConceptOf(string word)
    {
        if (NumberWords.TryGetValue(word, out var number))
            return number;
        if (ConceptByWord.TryGetValue(word, out var concept))
            return concept;
        var stem = WishStem.Of(word);
        return ConceptByWord.GetValueOrDefault(stem, stem);
    }

    /// <summary>Whether wishes that differ in this meaning alone are different.</summary>
    public static bool IsTelling(string concept) => Telling.Contains(concept) || concept.Any(char.IsDigit) || concept.StartsWith(WishText.Origin, StringComparison.Ordinal);
}
