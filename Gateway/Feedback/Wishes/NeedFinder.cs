using System.Data.Common;

namespace Cortex.Feedback.Wishes;

/// <summary>
/// Finds the need that a wish belongs to. A wording that was met before keeps its need, which is how a merge or split by an operator lasts. Any other goes to
/// the need of the wish most like it, wishes that operators set apart last, then the oldest. Runs inside a <see cref="FeedbackTransaction"/>.
/// </summary>
internal static class NeedFinder
{
    private const int MaxCandidates = 200;

    /// <summary>The need, or null when the wish is new; a wording that is new to a known need is noted there.</summary>
    public static async Task<string?> FindAsync(DbTransaction transaction, Wish wish, double similarity, long now, CancellationToken cancellationToken)
    {
        const string known = "SELECT need_id FROM wishes WHERE digest = @Digest";
        if (await transaction.FindAsync<string>(known, new { wish.Digest }, cancellationToken) is { } need)
            return need;
        var candidates = await CandidatesAsync(transaction, wish, similarity, cancellationToken);
        var best = candidates
            .Where(candidate => wish.FitsContext(candidate.ContextApp, candidate.ContextTool))
            .Select(candidate => (Candidate: candidate, Score: WishSimilarity.Of(wish.Terms, candidate.Terms.Split(' '))))
            .Where(pair => pair.Score >= similarity)
            .OrderByDescending(pair => pair.Score)
            .ThenBy(pair => pair.Candidate.SetApart)
            .ThenBy(pair => pair.Candidate.NeedCreatedAt)
            .ThenBy(pair => pair.Candidate.NeedId, StringComparer.Ordinal)
            .Select(pair => pair.Candidate)
            .FirstOrDefault();
        if (best is null)
            return null;
        await AddAsync(transaction, wish, best.NeedId, best.SetApart, now, cancellationToken);
        const string context = """
            UPDATE needs SET context_app = COALESCE(context_app, @App), context_tool = COALESCE(context_tool, @Tool)
            WHERE id = @NeedId AND (context_app IS NULL OR context_tool IS NULL)
            """;
        if (wish.App is not null || wish.Tool is not null)
            await transaction.RunAsync(context, new { wish.App, wish.Tool, best.NeedId }, cancellationToken);
        return best.NeedId;
    }

    /// <summary>Notes the wording as one of the need's.</summary>
    public static async Task AddAsync(DbTransaction transaction, Wish wish, string needId, bool setApart, long now, CancellationToken cancellationToken)
    {
        const string insert = """
            INSERT INTO wishes (digest, need_id, terms, set_apart, created_at) VALUES (@Digest, @needId, @Terms, @setApart, @now)
            """;
        await transaction.RunAsync(insert, new { wish.Digest, needId, Terms = string.Join(' ', wish.Terms), setApart, now }, cancellationToken);
        const string term = "INSERT INTO wish_terms (term, digest) VALUES (@Term, @Digest)";
        await transaction.RunAsync(term, wish.Terms.Select(word => new { Term = word, wish.Digest }).ToArray(), cancellationToken);
    }

    // One word of a wish that is alike enough may be misspelt, and so not be found.
    private static Task<IReadOnlyList<Candidate>> CandidatesAsync(DbTransaction transaction, Wish wish, double similarity, CancellationToken cancellationToken)
    {
        var sql = $"""
            SELECT w.need_id AS needId, w.terms, w.set_apart AS setApart, n.context_app AS contextApp, n.context_tool AS contextTool, n.created_at AS needCreatedAt
            FROM (SELECT digest, COUNT(*) AS shared FROM wish_terms WHERE term {transaction.AnyOf("terms")} GROUP BY digest HAVING COUNT(*) >= @least
                  ORDER BY shared DESC, digest LIMIT @MaxCandidates) AS near
            JOIN wishes w ON w.digest = near.digest
            JOIN needs n ON n.id = w.need_id
            """;
        var least = Math.Max(1, (int)Math.Ceiling(wish.Terms.Count * similarity) - 1);
        return transaction.ReadAsync<Candidate>(sql, new { terms = wish.Terms.ToArray(), least, MaxCandidates }, cancellationToken);
    }

    /// <summary>A wording that shares words with the wish, and its need.</summary>
    private sealed record Candidate
    {
        public string NeedId { get; init; } = "";

        public string Terms { get; init; } = "";

        public bool SetApart { get; init; }

        public string? ContextApp { get; init; }

        public string? ContextTool { get; init; }

        public long NeedCreatedAt { get; init; }
    }
}
