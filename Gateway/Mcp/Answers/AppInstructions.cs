using System.Globalization;
using System.Text;
using Cortex.Catalog;
using Cortex.Foundation.Model;

namespace Cortex.Mcp.Answers;

/// <summary>
/// What native servers say of themselves on being connected, for callers who see something of theirs: a short, quoted section for each, so that no server
/// can speak for the gateway or for another, and so many of them as agents can be asked to read in every session. Pure.
/// </summary>
/// <remarks>
/// <code>
/// What some apps say of themselves, in their own words:
///
/// docs:
/// &gt; Search before you read.
/// </code>
/// </remarks>
internal static class AppInstructions
{
    /// <summary>Characters of one app, those that begin its further lines included.</summary>
    public const int MaxOfOne = 1000;

    private const string Quotation = "\n> ";

    /// <summary>Characters of all apps together.</summary>
    public const int MaxOfAll = 6000;

    /// <summary>The sections, with a blank line ahead; empty where no app says anything.</summary>
    public static string Of(CatalogSnapshot catalog, CatalogView view)
    {
        var text = new StringBuilder();
        var left = MaxOfAll;
        var untold = new List<BackendId>();
        foreach (var (backend, words) in catalog.Instructions.OrderBy(entry => entry.Key.Value, StringComparer.Ordinal))
        {
            if (view.ListsWith(backend, CatalogLists.All) == CatalogLists.None)
                continue;
            var (quoted, isCut) = Quote(words);
            if (quoted.Length > left)
            {
                untold.Add(backend);
                continue;
            }

            left -= quoted.Length;
            text.Append("\n\n").Append(backend).Append(':').Append(quoted);
            if (isCut)
                text.Append(" …").Append(Whole(catalog, backend));
        }

        if (untold.Count > 0)
            text.Append("\n\nThese have more to say").Append(Whole(catalog, untold[0])).Append(": ").AppendJoin(", ", untold).Append('.');
        return text.Length == 0 ? "" : $"\n\nWhat some apps say of themselves, in their own words:{text}";
    }

    /// <summary>The words as lines that each begin with <c>&gt;</c>, without blank lines and what nobody can see; true when they were cut.</summary>
    private static (string Quoted, bool IsCut) Quote(string words)
    {
        var quoted = new StringBuilder();
        foreach (var line in words.ReplaceLineEndings("\n").Split('\n').Select(Visible).Where(line => line.Length > 0))
        {
            quoted.Append(Quotation);
            var room = MaxOfOne + Quotation.Length - quoted.Length;
            if (line.Length > room)
            {
                var cut = Math.Max(room, 0);
                quoted.Append(line, 0, cut > 0 && char.IsHighSurrogate(line[cut - 1]) ? cut - 1 : cut);
                return (quoted.ToString(), true);
            }

            quoted.Append(line);
        }

        return (quoted.ToString(), false);
    }

    /// <summary>The line without control characters and those that change how others look; the two joiners are part of some scripts' words.</summary>
    private static string Visible(string line) => string.Concat(line.EnumerateRunes()
        .Where(rune => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format) || rune.Value is 0x200C or 0x200D)
        .Select(rune => rune.ToString())).TrimEnd();

    /// <summary>Where the whole is, for callers who can read it.</summary>
    private static string Whole(CatalogSnapshot catalog, BackendId backend)
    {
        var uri = $"cortex://backends/{backend}";
        return catalog.FindResource(uri) is null ? "" : $" (whole: {uri})";
    }
}
