namespace Cortex.Identity.Entitlements;

/// <summary>A person as operators see them. Moments are Unix milliseconds.</summary>
internal sealed class PersonRecord
{
    public required string Id { get; init; }

    public required string Issuer { get; init; }

    public required string Subject { get; init; }

    public string? Email { get; init; }

    public bool EmailVerified { get; init; }

    public string? Name { get; init; }

    public string? Role { get; init; }

    public string? Pool { get; init; }

    /// <summary>The plan they were given; null: the default one.</summary>
    public string? Plan { get; init; }

    /// <summary>Since when they have it; null when nothing was ever decided.</summary>
    public long? PlanSince { get; init; }

    /// <summary>Who decided.</summary>
    public string? PlanSetBy { get; init; }

    /// <summary>Since when they are shut out; null: they are not.</summary>
    public long? DisabledAt { get; init; }

    public long CreatedAt { get; init; }
}
