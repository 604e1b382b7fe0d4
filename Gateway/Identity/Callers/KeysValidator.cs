using Cortex.Foundation.Configuration;

namespace Cortex.Identity.Callers;

/// <summary>Checks the schedule of the gateway's own keys.</summary>
internal static class KeysValidator
{
    private static readonly TimeSpan ShortestLifetime = TimeSpan.FromDays(1);
    private static readonly TimeSpan ShortestAnnouncement = TimeSpan.FromMinutes(5);

    // A refresh token lives for two weeks.
    private static readonly TimeSpan ShortestOverlap = TimeSpan.FromDays(15);

    public static void Validate(KeyOptions keys, SectionValidation validation)
    {
        if (keys.Lifetime < ShortestLifetime)
            validation.Error("identity.keys.lifetime", "keys would change more often than once a day", "Write 1d or more");
        if (keys.Announcement < ShortestAnnouncement || keys.Announcement >= keys.Lifetime)
            validation.Error("identity.keys.announcement", "the time is too short for others to see a new key, or as long as its life", "Write 5m or more, and less than identity.keys.lifetime");
        if (keys.Overlap < ShortestOverlap)
            validation.Error("identity.keys.overlap", "refresh tokens live longer than that", "Write 15d or more");
    }
}
