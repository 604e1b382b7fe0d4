using System.Collections.Frozen;
using System.Text;

namespace Cortex.Catalog.Search;

/// <summary>Takes names and wishes apart into words: runs of letters and digits. Pure.</summary>
internal static class SearchWords
{
    /// <summary>Words that say nothing about what is wanted.</summary>
    private static readonly FrozenSet<string> Stop = (
        "a an the of to in on for with by at from and or is are be am was were been do does did i me we our us you your it its that this these those "
        + "there here what which who whom when where how why can could may might would should will shall have has had get got please want need let not no "
        + "any some all into out up as if then than so just now about still yet longer anybody somebody someone anyone everybody nobody thing things too "
        + "also only very much most each every other another same such own while during through over under between off per via").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>True for a word that says nothing about what is wanted.</summary>
    public static bool IsStop(string word) => Stop.Contains(word);

    /// <summary>The words of a text, in lower case and in order.</summary>
    public static IReadOnlyList<string> Of(string text) => [.. Runs(text).Select(run => run.ToLowerInvariant())];

    /// <summary>A name as text to be indexed: <c>getUserID_v2</c> becomes <c>get User ID getUserID v2</c>.</summary>
    public static string OfName(string name)
    {
        var text = new StringBuilder();
        foreach (var run in Runs(name))
        {
            var hasParts = false;
            for (var i = 0; i < run.Length; i++)
            {
                if (i > 0 && StartsPart(run, i))
                {
                    text.Append(' ');
                    hasParts = true;
                }

                text.Append(run[i]);
            }

            text.Append(' ');
            if (hasParts)
                text.Append(run).Append(' ');
        }

        return text.ToString();
    }

    /// <summary>A capital behind a small letter or a digit, or the last of several capitals ahead of a small letter.</summary>
    private static bool StartsPart(string run, int at) => char.IsUpper(run[at])
        && (!char.IsUpper(run[at - 1]) || (at + 1 < run.Length && char.IsLower(run[at + 1])));

    private static IEnumerable<string> Runs(string text)
    {
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var isWord = i < text.Length && (char.IsLetterOrDigit(text[i]) || char.IsSurrogate(text[i]));
            if (isWord && start < 0)
                start = i;
            if (isWord || start < 0)
                continue;
            yield return text[start..i];
            start = -1;
        }
    }
}
