namespace Cortex.Feedback.Triage;

/// <summary>A need as operators see it.</summary>
internal sealed record NeedView
{
    public string Id { get; init; } = "";

    /// <summary>The wording of its first report.</summary>
    public string Title { get; init; } = "";

    /// <summary>The backend or app its reports name; null when none does.</summary>
    public string? ContextApp { get; init; }

    /// <summary>The tool its reports name; null when none does.</summary>
    public string? ContextTool { get; init; }

    /// <summary>A word of <see cref="TicketState"/>.</summary>
    public string State { get; init; } = "";

    /// <summary>What reporters are told.</summary>
    public string? Resolution { get; init; }

    /// <summary>The backend it is assigned to; null when it is not.</summary>
    public string? BackendId { get; init; }

    /// <summary>The need that took its tickets over; null unless it was merged.</summary>
    public string? MergedInto { get; init; }

    /// <summary>Tickets it has.</summary>
    public long Tickets { get; init; }

    /// <summary>Persons and machine clients that reported it.</summary>
    public long Callers { get; init; }

    /// <summary>Tickets of it that block someone.</summary>
    public long Blocking { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Unix milliseconds of the last change by an operator.</summary>
    public long UpdatedAt { get; init; }
}

/// <summary>A ticket as operators see it.</summary>
internal sealed record NeedTicket
{
    public string Id { get; init; } = "";

    public string NeedId { get; init; } = "";

    /// <summary>The gateway's id of the person; null for a machine.</summary>
    public string? PersonId { get; init; }

    public string ClientId { get; init; } = "";

    public string Wanted { get; init; } = "";

    public string? Intent { get; init; }

    public string Severity { get; init; } = "";

    public string? ContextTool { get; init; }

    public string? ContextApp { get; init; }

    public string? SuggestedShape { get; init; }

    public string? BackendId { get; init; }

    public string? BackendTicketId { get; init; }

    public string? BackendStatus { get; init; }

    public string State { get; init; } = "";

    public string? Resolution { get; init; }

    public long Reports { get; init; }

    public long CreatedAt { get; init; }

    public long RefreshedAt { get; init; }

    /// <summary>Digest of its wording and context: tickets with the same one move together.</summary>
    public string WishDigest { get; init; } = "";
}

/// <summary>An operator's note, for operators.</summary>
internal sealed record NeedNote
{
    public string Id { get; init; } = "";

    public string Author { get; init; } = "";

    public string Text { get; init; } = "";

    public long CreatedAt { get; init; }
}

/// <summary>A link to where the need is worked on, for operators.</summary>
internal sealed record NeedLink
{
    public string Url { get; init; } = "";

    public string? Title { get; init; }

    public string Author { get; init; } = "";

    public long CreatedAt { get; init; }
}

/// <summary>One change that an operator made.</summary>
internal sealed record NeedHistoryEntry
{
    public string Author { get; init; } = "";

    /// <summary>A word of <see cref="NeedChange"/>.</summary>
    public string Change { get; init; } = "";

    public string? BeforeJson { get; init; }

    public string? AfterJson { get; init; }

    public long CreatedAt { get; init; }
}

/// <summary>A need with everything about it.</summary>
internal sealed record NeedDetail(NeedView Need, IReadOnlyList<NeedNote> Notes, IReadOnlyList<NeedLink> Links, IReadOnlyList<NeedHistoryEntry> History);

/// <summary>Which needs to list; what is null does not narrow.</summary>
/// <param name="State">In this state.</param>
/// <param name="Backend">Assigned to this backend.</param>
/// <param name="Text">With this in the title, in any case.</param>
/// <param name="Severity">With a ticket that hurts this much.</param>
internal sealed record NeedQuery(TicketState? State = null, Cortex.Foundation.Model.BackendId? Backend = null, string? Text = null, Severity? Severity = null);

/// <summary>Which tickets to list; what is null does not narrow.</summary>
/// <param name="State">Of a need in this state.</param>
/// <param name="Backend">About this backend.</param>
/// <param name="Text">With this in what was wanted, in any case.</param>
/// <param name="Severity">That hurt this much.</param>
/// <param name="Need">Of this need.</param>
internal sealed record TicketQuery(
    TicketState? State = null, Cortex.Foundation.Model.BackendId? Backend = null, string? Text = null, Severity? Severity = null, NeedId? Need = null);

/// <summary>A page of a list.</summary>
/// <param name="Next">Where it ended; null when this is the last page.</param>
internal sealed record TriagePage<T>(IReadOnlyList<T> Items, TicketCursor? Next);
