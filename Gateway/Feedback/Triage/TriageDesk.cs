using System.Data.Common;
using Cortex.Foundation.Model;

namespace Cortex.Feedback.Triage;

/// <summary>
/// What operators do with needs. Reporters see state and resolution when they list their tickets next; notes, links and authors stay among operators.
/// Every change is kept in the need's history. Who may call this is for the caller of it to check. Thread-safe, and safe beside other replicas.
/// </summary>
internal sealed class TriageDesk(NeedStore needs, FeedbackTransaction transactions, TimeProvider time)
{
    /// <summary>Most entries of a page.</summary>
    public const int MaxPage = 500;

    public const int MaxResolution = 2_000;
    public const int MaxNote = 8_000;
    public const int MaxUrl = 2_000;

    /// <summary>Needs, newest first.</summary>
    public async Task<TriagePage<NeedView>> ListAsync(NeedQuery query, TicketCursor? before, int most, CancellationToken cancellationToken)
    {
        var size = Math.Clamp(most, 1, MaxPage);
        var rows = await needs.ListAsync(query, before, size + 1, cancellationToken);
        var page = rows.Take(size).ToArray();
        return new TriagePage<NeedView>(page, rows.Count > size ? new TicketCursor(page[^1].CreatedAt, page[^1].Id) : null);
    }

    /// <summary>Tickets of a need, newest first.</summary>
    public async Task<TriagePage<NeedTicket>> ListTicketsAsync(NeedId need, TicketCursor? before, int most, CancellationToken cancellationToken)
    {
        var size = Math.Clamp(most, 1, MaxPage);
        var rows = await needs.ListTicketsAsync(need, before, size + 1, cancellationToken);
        var page = rows.Take(size).ToArray();
        return new TriagePage<NeedTicket>(page, rows.Count > size ? new TicketCursor(page[^1].CreatedAt, page[^1].Id) : null);
    }

    /// <summary>A need with notes, links and history; null when there is none.</summary>
    public Task<NeedDetail?> FindAsync(NeedId id, CancellationToken cancellationToken) => needs.FindAsync(id, cancellationToken);

    /// <summary>Sets the state, and what reporters are told about it.</summary>
    /// <param name="author">Who does it, for the history.</param>
    /// <param name="resolution">Replaces the one before; null takes it away.</param>
    public Task<TriageResult> SetStateAsync(string author, NeedId id, TicketState state, string? resolution, CancellationToken cancellationToken)
    {
        if (TextFault("resolution", resolution, MaxResolution) is { } fault)
            return Task.FromResult<TriageResult>(new TriageResult.Invalid(fault));
        const string sql = "UPDATE needs SET state = @State, resolution = @resolution, updated_at = @Now WHERE id = @Id";
        return ChangeAsync(author, id, "changed", transaction => transaction.RunAsync(sql, new { Id = id.Value, State = state.Word(), resolution, Now }, cancellationToken), cancellationToken);
    }

    /// <summary>Assigns the need to a backend's team; null takes the assignment away.</summary>
    public Task<TriageResult> AssignAsync(string author, NeedId id, BackendId? backend, CancellationToken cancellationToken)
    {
        const string sql = "UPDATE needs SET backend_id = @Backend, updated_at = @Now WHERE id = @Id";
        return ChangeAsync(author, id, "changed", transaction => transaction.RunAsync(sql, new { Id = id.Value, Backend = backend?.Value, Now }, cancellationToken), cancellationToken);
    }

    /// <summary>Adds a note for operators.</summary>
    public Task<TriageResult> NoteAsync(string author, NeedId id, string text, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(text) || TextFault("text", text, MaxNote) is not null)
            return Task.FromResult<TriageResult>(new TriageResult.Invalid($"text: write a note of 1 to {MaxNote} characters."));
        const string sql = "INSERT INTO need_notes (id, need_id, author, text, created_at) VALUES (@NoteId, @Id, @author, @text, @Now)";
        var note = new { NoteId = Guid.CreateVersion7(time.GetUtcNow()).ToString("N"), Id = id.Value, author, text, Now };
        return ChangeAsync(author, id, "noted", transaction => transaction.RunAsync(sql, note, cancellationToken), cancellationToken, new NeedFacts(Text: text));
    }

    /// <summary>Adds a link, or renames the one that is there.</summary>
    public Task<TriageResult> LinkAsync(string author, NeedId id, string url, string? title, CancellationToken cancellationToken)
    {
        if (url.Length > MaxUrl || !Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") || TextFault("title", title, MissingCapabilityCheck.MaxName) is not null)
            return Task.FromResult<TriageResult>(new TriageResult.Invalid($"url: write an http or https address of at most {MaxUrl} characters, and a title of at most {MissingCapabilityCheck.MaxName}."));
        const string sql = """
            INSERT INTO need_links (need_id, url, title, author, created_at) VALUES (@Id, @url, @title, @author, @Now)
            ON CONFLICT (need_id, url) DO UPDATE SET title = excluded.title
            """;
        var link = new { Id = id.Value, url = address.AbsoluteUri, title, author, Now };
        return ChangeAsync(author, id, "linked", transaction => transaction.RunAsync(sql, link, cancellationToken), cancellationToken, new NeedFacts(Url: address.AbsoluteUri));
    }

    /// <summary>Takes a link away.</summary>
    public Task<TriageResult> UnlinkAsync(string author, NeedId id, string url, CancellationToken cancellationToken)
    {
        const string sql = "DELETE FROM need_links WHERE need_id = @Id AND url = @url";
        return ChangeAsync(author, id, "unlinked", transaction => transaction.RunAsync(sql, new { Id = id.Value, url }, cancellationToken), cancellationToken, new NeedFacts(Url: url));
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <param name="facts">What the history says; null: the need before and after.</param>
    private Task<TriageResult> ChangeAsync(
        string author, NeedId id, string change, Func<DbTransaction, Task> work, CancellationToken cancellationToken, NeedFacts? facts = null) => transactions.RunAsync<TriageResult>(
        async transaction =>
        {
            if (await NeedStore.FindAsync(transaction, id, cancellationToken) is not { } before)
                return new TriageResult.NotFound(id);
            await work(transaction);
            var after = (await NeedStore.FindAsync(transaction, id, cancellationToken))!;
            await NeedHistory.AddAsync(transaction, time, author, id, change, facts is null ? NeedFacts.Of(before) : null, facts ?? NeedFacts.Of(after), cancellationToken);
            return new TriageResult.Done(after);
        },
        cancellationToken);

    private static string? TextFault(string name, string? text, int most) =>
        text is not null && (text.Length > most || text.Contains('\0', StringComparison.Ordinal)) ? $"{name}: write at most {most} characters of text." : null;
}
