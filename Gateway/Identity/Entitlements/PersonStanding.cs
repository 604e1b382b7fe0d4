namespace Cortex.Identity.Entitlements;

/// <summary>How the gateway's operators stand to a person.</summary>
/// <param name="Plan">The plan that was given to them; null: the default one.</param>
/// <param name="IsDisabled">True when they are shut out.</param>
internal sealed record PersonStanding(string? Plan, bool IsDisabled)
{
    /// <summary>The standing of whoever nothing was decided about, and of machines.</summary>
    public static PersonStanding Ordinary { get; } = new(null, false);
}
