using Cortex.Foundation.Sealing;

namespace Cortex.Identity.Callers;

/// <summary>
/// <c>identity.keys:</c>, how the gateway's own keys are rotated. They are kept in the database, sealed by <c>vault.keys</c>, and all replicas use the
/// same ones; nothing has to be done at a rotation.
/// </summary>
internal sealed class KeyOptions
{
    /// <summary>After so long the next keys are made.</summary>
    public TimeSpan Lifetime { get; init; } = KeySchedule.Default.Lifetime;

    /// <summary>For so long a new key is published before it signs: whoever checks tokens must have fetched the published keys within it.</summary>
    public TimeSpan Announcement { get; init; } = KeySchedule.Default.Announcement;

    /// <summary>For so long a key still counts after another has taken over. Refresh tokens live for 14 days.</summary>
    public TimeSpan Overlap { get; init; } = KeySchedule.Default.Overlap;

    public KeySchedule ToSchedule() => new(Lifetime, Announcement, Overlap);
}
