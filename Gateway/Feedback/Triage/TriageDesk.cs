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

    /// <summary>Tickets, newest first.</summary>
    public async Task<TriagePage<NeedTicket>> ListTicketsAsync(TicketQuery query, TicketCursor? before, int most, CancellationToken cancellationToken)
    {
        var size = Math.Clamp(most, 1, MaxPage);
        var rows = await needs.ListTicketsAsync(query, before, size + 1, cancellationToken);
        var page = rows.Take(size).ToArray();
        return new TriagePage<NeedTicket>(page, rows.Count > size ? new TicketCursor(page[^1].CreatedAt, page[^1].Id) : null);
    }

    /// <summary>A need with notes, links and history; null when there is none.</summary>
    public Task<NeedDetail?> FindAsync(NeedId id, CancellationToken cancellationToken) => needs.FindAsync(id, cancellationToken);

    /// <summary>A ticket; null when there is none.</summary>
    public Task<NeedTicket?> FindTicketAsync(TicketId id, CancellationToken cancellationToken) => needs.FindTicketAsync(id, cancellationToken);

    /// <summary>Sets the state, and what reporters are told about it.</summary>
    /// <param name="author">Who does it, for the history.</param>
    /// <param name="resolution">Replaces the one before; null takes it away.</param>
    public Task<TriageResult> SetStateAsync(string author, NeedId id, TicketState state, string? resolution, CancellationToken cancellationToken)
    {
        if (TextFault("resolution", resolution, MaxResolution) is { } fault)
            return Task.FromResult<TriageResult>(new TriageResult.Invalid(fault));
        const string sql = "UPDATE needs SET state = @State, resolution = @resolution, updated_at = @Now WHERE id = @Id";
        return ChangeAsync(author, id, NeedChange.Changed, transaction => transaction.RunAsync(sql, new { Id = id.Value, State = state.Word(), resolution, Now }, cancellationToken), cancellationToken);
    }

    /// <summary>Assigns the need to a backend's team; null takes the assignment away.</summary>
    public Task<TriageResult> AssignAsync(string author, NeedId id, BackendId? backend, CancellationToken cancellationToken)
    {
        const string sql = "UPDATE needs SET backend_id = @Backend, updated_at = @Now WHERE id = @Id";
        return ChangeAsync(author, id, NeedChange.Changed, transaction => transaction.RunAsync(sql, new { Id = id.Value, Backend = backend?.Value, Now }, cancellationToken), cancellationToken);
    }

    /// <summary>Adds a note for operators.</summary>
    public Task<TriageResult> NoteAsync(string author, NeedId id, string text, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(text) || TextFault("text", text, MaxNote) is not null)
            return Task.FromResult<TriageResult>(new TriageResult.Invalid($"text: write a note of 1 to {MaxNote} characters."));
        const string sql = "INSERT INTO need_notes (id, need_id, author, text, created_at) VALUES (@NoteId, @Id, @author, @text, @Now)";
        var note = new { NoteId = Guid.CreateVersion7(time.GetUtcNow()).ToString("N"), Id = id.Value, author, text, Now };
        return ChangeAsync(
            author, id, NeedChange.Noted, transaction => transaction.RunAsync(sql, note, cancellationToken), cancellationToken, after: new NeedFacts(Note: note.NoteId, Text: text));
    }

    /// <summary>Adds a link, or renames the one that is there.</summary>
    public Task<TriageResult> LinkAsync(string author, NeedId id, string url, string? title, CancellationToken cancellationToken)
    {
        if (ReadUrl(url) is not { } address || TextFault("title", title, MissingCapabilityCheck.MaxName) is not null)
            return Task.FromResult<TriageResult>(new TriageResult.Invalid($"url: write an http or https address of at most {MaxUrl} characters, and a title of at most {MissingCapabilityCheck.MaxName}."));
        const string sql = """
            INSERT INTO need_links (need_id, url, title, author, created_at) VALUES (@Id, @url, @title, @author, @Now)
            ON CONFLICT (need_id, url) DO UPDATE SET title = excluded.title
            """;
        var link = new { Id = id.Value, url = address, title, author, Now };
        return ChangeAsync(author, id, NeedChange.Linked, transaction => transaction.RunAsync(sql, link, cancellationToken), cancellationToken, after: new NeedFacts(Url: address));
    }

    /// <summary>Takes a link away.</summary>
    public Task<TriageResult> UnlinkAsync(string author, NeedId id, string url, CancellationToken cancellationToken)
    {
        const string sql = "DELETE FROM need_links WHERE need_id = @Id AND url = @address";
        var address = ReadUrl(url) ?? "";
        return ChangeAsync(
            author, id, NeedChange.Unlinked, transaction => transaction.RunAsync(sql, new { Id = id.Value, address }, cancellationToken), cancellationToken, before: new NeedFacts(Url: address));
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Makes one change; without facts of its own it is one of the need itself, which must not have been merged away.</summary>
    /// <param name="work">Gives how many rows it changed.</param>
    private Task<TriageResult> ChangeAsync(
        string author, NeedId id, string change, Func<DbTransaction, Task<int>> work, CancellationToken cancellationToken, NeedFacts? before = null, NeedFacts? after = null) =>
        transactions.RunAsync<TriageResult>(
            async transaction =>
            {
                if (await NeedStore.FindAsync(transaction, id, cancellationToken) is not { } need)
                    return new TriageResult.NotFound(id);
                var isOfNeed = before is null && after is null;
                if (isOfNeed && need.MergedInto is { } gone)
                    return new TriageResult.Invalid($"The need was merged into '{gone}', which has its tickets: change that one.");
                if (await work(transaction) == 0)
                    return new TriageResult.Invalid("The need has no such link.");
                var changed = (await NeedStore.FindAsync(transaction, id, cancellationToken))!;
                var (was, now) = isOfNeed ? (NeedFacts.Of(need), NeedFacts.Of(changed)) : (before, after);
                await NeedHistory.AddAsync(transaction, time, author, id, change, was, now, cancellationToken);
                return new TriageResult.Done(changed, was, now);
            },
            cancellationToken);

    private static string? ReadUrl(string url) =>
        url.Length <= MaxUrl && Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "https" or "http" ? address.AbsoluteUri : null;

    private static string? TextFault(string name, string? text, int most) =>
        text is not null && (text.Length > most || text.Contains('\0', StringComparison.Ordinal)) ? $"{name}: write at most {most} characters of text." : null;
}
