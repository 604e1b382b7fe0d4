namespace Cortex.Feedback;

/// <summary>A row of <c>tickets</c>, with what its need says of it.</summary>
internal sealed record TicketRow
{
    public string Id { get; init; } = "";

    public string NeedId { get; init; } = "";

    public string Wanted { get; init; } = "";

    public string? Intent { get; init; }

    public string Severity { get; init; } = "";

    public string? ContextTool { get; init; }

    public string? ContextApp { get; init; }

    public string? SuggestedShape { get; init; }

    public string? BackendId { get; init; }

    public string? BackendTicketId { get; init; }

    public string? BackendStatus { get; init; }

    public long Reports { get; init; }

    public long CreatedAt { get; init; }

    public long RefreshedAt { get; init; }

    /// <summary>State of the need.</summary>
    public string State { get; init; } = "";

    /// <summary>What operators tell about it.</summary>
    public string? Resolution { get; init; }
}
