using System.Globalization;
using Cortex.Foundation.Outbound;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Outbound;

/// <summary>How long replies may be kept (<see href="https://www.rfc-editor.org/rfc/rfc9111#section-4.2">RFC 9111, section 4.2</see>).</summary>
internal sealed class FreshnessTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [TestCase(null, null, null, null)]
    [TestCase("max-age=60", null, null, 60)]
    [TestCase("public, max-age=60", 20, null, 40)]
    [TestCase("max-age=60", 90, null, 0)]
    [TestCase("no-store, max-age=60", null, null, 0)]
    [TestCase("no-cache", null, 60, 0)]
    [TestCase("max-age=60", null, 600, 60)]
    [TestCase(null, null, 600, 600)]
    [TestCase(null, null, -600, 0)]
    public void Reply_is_fresh_for(string? cacheControl, int? ageSeconds, int? expiresSeconds, int? seconds)
    {
        using var reply = new HttpResponseMessage { Content = new StringContent("") };
        if (cacheControl is not null)
            reply.Headers.TryAddWithoutValidation("Cache-Control", cacheControl);
        if (ageSeconds is { } age)
            reply.Headers.TryAddWithoutValidation("Age", age.ToString(CultureInfo.InvariantCulture));
        if (expiresSeconds is { } expires)
            reply.Content.Headers.Expires = Now.AddSeconds(expires);

        Assert.That(Freshness.Of(reply, Now)?.TotalSeconds, Is.EqualTo((double?)seconds));
    }
}
