namespace Cortex.Foundation.Configuration.Binding;

/// <summary>Finds the word someone probably meant.</summary>
internal static class Suggestion
{
    /// <summary>The candidate nearest to <paramref name="text"/>; null when none is near enough.</summary>
    public static string? For(string text, IEnumerable<string> candidates) => (
        from candidate in candidates
        let distance = Distance(text.ToLowerInvariant(), candidate.ToLowerInvariant())
        where distance <= Math.Max(1, candidate.Length / 3)
        orderby distance, candidate
        select candidate).FirstOrDefault();

    /// <summary>Edits (insert, drop, replace, swap two neighbours) between two words; words longer than 64 are never near.</summary>
    private static int Distance(string left, string right)
    {
        if (left.Length > 64 || right.Length > 64)
            return int.MaxValue;
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= right.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var replace = rows[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replace, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[left.Length, right.Length];
    }
}
