using Cortex.Foundation.Sealing;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Sealing;

/// <summary>Which key does what at which moment.</summary>
internal sealed class KeyScheduleTests
{
    private static readonly KeySchedule Schedule = new(TimeSpan.FromDays(90), TimeSpan.FromDays(1), TimeSpan.FromDays(15));
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [TestCase(new[] { 0 }, 0, "0", "")]
    [TestCase(new[] { 90, 0 }, 90, "0 90", "")]
    [TestCase(new[] { 90, 0 }, 90.9, "0 90", "")]
    [TestCase(new[] { 90, 0 }, 91, "90 0", "")]
    [TestCase(new[] { 90, 0 }, 105.9, "90 0", "")]
    [TestCase(new[] { 90, 0 }, 106, "90", "0")]
    [TestCase(new[] { 180, 90, 0 }, 180, "90 180", "0")]
    [TestCase(new[] { 92, 91, 90, 0 }, 92.5, "91 92 90 0", "")]
    [TestCase(new[] { 1, 0 }, 0.5, "0 1", "")]
    public void Keys_are_published_then_sign_then_count_then_end(int[] madeOnDays, double day, string arranged, string ended)
    {
        var keys = madeOnDays.Select(made => new StoredKey($"{made}", "issuer", null, Start.AddDays(made), [])).ToArray();
        var now = Start.AddDays(day);

        Assert.That(string.Join(' ', Schedule.Arrange(keys, now).Select(key => key.Id)), Is.EqualTo(arranged));
        Assert.That(string.Join(' ', Schedule.FindEnded(keys, now).Select(key => key.Id)), Is.EqualTo(ended));
    }

    [TestCase(89.9, false)]
    [TestCase(90, true)]
    [TestCase(900, true)]
    public void Next_key_is_due_when_the_newest_has_lived(double day, bool due) =>
        Assert.That(Schedule.IsDue([new StoredKey("a", "issuer", 1, Start, [])], Start.AddDays(day)), Is.EqualTo(due));
}
