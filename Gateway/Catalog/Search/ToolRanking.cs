namespace Cortex.Catalog.Search;

/// <summary>
/// Ranks tools for a wish. (1) The wish is taken apart into words; words that say nothing are left out, and neighbours that make one word together
/// (<c>on call</c>, <c>e-mail</c>) count as that word too. (2) Each word is looked for as it is, as the beginning of another, and by what means nearly the same, the
/// latter two for less; a tool gets the best of them. (3) A tool's sum is weighed by how much of the wish it has, rare words counting for more. (4) Of equals the
/// first stays first.
/// </summary>
internal static class ToolRanking
{
    private const double PrefixWeight = 0.5;
    private const double OtherWordWeight = 0.8;
    private const double LeastImportance = 0.6;
    private const int ShortestPrefix = 4;

    /// <summary>Most words of a wish that count.</summary>
    private const int MaxWords = 32;

    /// <summary>The best rows for the query, best first; within <see cref="ToolIndex.TrySearch"/> only.</summary>
    /// <param name="index">The index.</param>
    /// <param name="query">What is looked for, in any words.</param>
    /// <param name="visible">By row, whether the caller may know of it; all others are left out before anything is counted or ranked.</param>
    /// <param name="limit">Most rows.</param>
    public static IReadOnlyList<int> Rank(ToolIndex index, string query, IReadOnlyList<bool> visible, int limit)
    {
        var sums = new double[visible.Count];
        var shares = new double[visible.Count];
        var whole = 0.0;
        var count = visible.Count(isVisible => isVisible);
        foreach (var word in WordsOf(index, query))
        {
            var best = BestOf(index, word, visible);
            if (best.Count == 0)
                continue;
            var importance = Math.Max(LeastImportance, Math.Log((count - best.Count + 0.5) / (best.Count + 0.5)));
            whole += importance;
            foreach (var (row, score) in best)
            {
                sums[row] += score;
                shares[row] += importance;
            }
        }

        return
        [
            .. Enumerable.Range(0, sums.Length)
                .Where(row => sums[row] > 0)
                .OrderByDescending(row => sums[row] * shares[row] / whole)
                .ThenBy(row => row)
                .Take(limit),
        ];
    }

    private static List<string> WordsOf(ToolIndex index, string query)
    {
        var all = SearchWords.Of(query).Take(MaxWords).ToList();
        var telling = all.Where(word => !SearchWords.IsStop(word)).Distinct(StringComparer.Ordinal).ToList();
        var joined = all.Zip(all.Skip(1), string.Concat)
            .Distinct(StringComparer.Ordinal)
            .Where(word => Thesaurus.General.Knows(word) || index.Find(word, isPrefix: false).Count > 0);
        return [.. telling.Count > 0 ? telling : all.Distinct(StringComparer.Ordinal), .. joined];
    }

    private static Dictionary<int, double> BestOf(ToolIndex index, string word, IReadOnlyList<bool> visible)
    {
        var best = new Dictionary<int, double>();
        Take(index.Find(word, isPrefix: false), 1);
        if (word.Length >= ShortestPrefix)
            Take(index.Find(word, isPrefix: true), PrefixWeight);
        foreach (var other in Thesaurus.General.OthersFor(word))
            Take(index.Find(other, isPrefix: false), OtherWordWeight);
        return best;

        void Take(IReadOnlyList<ToolMatch> matches, double weight)
        {
            foreach (var (row, score) in matches)
            {
                if (visible[row])
                    best[row] = Math.Max(best.GetValueOrDefault(row), score * weight);
            }
        }
    }
}
