using System.Collections.Frozen;

namespace Cortex.Catalog.Search;

/// <summary>Words that mean nearly the same, since an agent seldom words its wish as the author of a tool did: <c>thesaurus.txt</c>. Immutable.</summary>
internal sealed class Thesaurus
{
    private static readonly (string Ending, string Stem)[] Endings = [("ies", "y"), ("es", ""), ("s", ""), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e")];

    private readonly FrozenDictionary<string, string[]> _others;

    private Thesaurus(IEnumerable<string> lines)
    {
        var others = new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var line in lines.Where(line => line.Length > 0 && line[0] != '#'))
        {
            var group = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            foreach (var word in group)
            {
                if (!others.TryGetValue(word, out var set))
                    others[word] = set = new SortedSet<string>(StringComparer.Ordinal);
                set.UnionWith(group.Where(other => other != word));
            }
        }

        _others = others.ToFrozenDictionary(entry => entry.Key, entry => entry.Value.ToArray(), StringComparer.Ordinal);
    }

    /// <summary>The one that ships.</summary>
    public static Thesaurus General { get; } = new(ReadLines());

    /// <summary>True when it has the word, or what the word is without an English ending.</summary>
    public bool Knows(string word) => Forms(word).Any(_others.ContainsKey);

    /// <summary>What nearly means <paramref name="word"/>, in a fixed order, without itself.</summary>
    public IEnumerable<string> OthersFor(string word) =>
        Forms(word).SelectMany(form => _others.GetValueOrDefault(form) ?? []).Where(other => other != word).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Forms(string word)
    {
        yield return word;
        foreach (var (ending, stem) in Endings)
        {
            if (word.Length - ending.Length >= 3 && word.EndsWith(ending, StringComparison.Ordinal))
                yield return word[..^ending.Length] + stem;
        }
    }

    private static List<string> ReadLines()
    {
        using var stream = typeof(Thesaurus).Assembly.GetManifestResourceStream("Cortex.Catalog.Search.thesaurus.txt")
            ?? throw new InvalidOperationException("The assembly lacks its thesaurus.");
        using var reader = new StreamReader(stream);
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
            lines.Add(line);
        return lines;
    }
}
