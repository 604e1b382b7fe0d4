namespace Cortex.Governance.Audit;

/// <summary>One thing that happened: a request, a sign-in, a consent, a registration, an operator's change.</summary>
internal sealed record AuditRecord
{
    /// <summary>What happened, a stable dotted name: <c>mcp.request</c>, <c>auth.sign_in</c>, <c>auth.consent</c>, <c>auth.register</c>.</summary>
    public required string Event { get; init; }

    /// <summary>How it ended, a stable word: <c>ok</c>, <c>error</c>, <c>denied</c>, <c>unauthenticated</c>, <c>timeout</c>, <c>cancelled</c>.</summary>
    public required string Outcome { get; init; }

    public DateTimeOffset Time { get; init; }

    /// <summary>Stable id of the person (<c>p_...</c>) or null; the log pseudonymises it further.</summary>
    public string? PersonId { get; init; }

    public string? ClientId { get; init; }

    /// <summary>MCP method, for requests.</summary>
    public string? Method { get; init; }

    /// <summary>Public name of the tool, prompt or resource.</summary>
    public string? Tool { get; init; }

    public string? Backend { get; init; }

    /// <summary>The scope that allowed, or would have allowed, the call.</summary>
    public string? Scope { get; init; }

    public string? ProtocolVersion { get; init; }

    public long? RequestBytes { get; init; }

    public long? ResponseBytes { get; init; }

    public TimeSpan? Duration { get; init; }

    public int? Status { get; init; }

    public string? TraceId { get; init; }

    /// <summary>What was changed, for a change: a client's id, for example. A person is named by <see cref="TargetPersonId"/>.</summary>
    public string? Target { get; init; }

    /// <summary>The person who was changed; the log keeps a pseudonym alone.</summary>
    public string? TargetPersonId { get; init; }

    /// <summary>What it was before the change, as JSON; never holds secrets or personal data.</summary>
    public string? Before { get; init; }

    /// <summary>What it is after the change, as JSON.</summary>
    public string? After { get; init; }

    /// <summary>One short sentence for a human; never holds secrets or personal data.</summary>
    public string? Detail { get; init; }
}
