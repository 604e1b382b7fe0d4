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
    /// <summary>Characters of one app.</summary>
    public const int MaxOfOne = 1000;

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

    /// <summary>The words as lines that each begin with <c>&gt;</c>, without control characters; true when they were cut.</summary>
    private static (string Quoted, bool IsCut) Quote(string words)
    {
        var isCut = words.Length > MaxOfOne;
        if (isCut)
            words = words[..(char.IsHighSurrogate(words[MaxOfOne - 1]) ? MaxOfOne - 1 : MaxOfOne)];
        var quoted = new StringBuilder();
        foreach (var line in words.Trim().ReplaceLineEndings("\n").Split('\n'))
            quoted.Append("\n> ").Append(string.Concat(line.Where(c => !char.IsControl(c))));
        return (quoted.ToString(), isCut);
    }

    /// <summary>Where the whole is, for callers who can read it.</summary>
    private static string Whole(CatalogSnapshot catalog, BackendId backend)
    {
        var uri = $"cortex://backends/{backend}";
        return catalog.FindResource(uri) is null ? "" : $" (whole: {uri})";
    }
}
