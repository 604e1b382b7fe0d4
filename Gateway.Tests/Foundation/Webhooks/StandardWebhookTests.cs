using System.Text;
using Cortex.Foundation.Model;
using Cortex.Foundation.Webhooks;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Webhooks;

/// <summary>Signatures of <see href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard Webhooks</see>.</summary>
internal sealed class StandardWebhookTests
{
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";

    private static readonly Secret Secret = new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static readonly DateTimeOffset SentAt = DateTimeOffset.FromUnixTimeSeconds(1614265330);
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"test": 2432232314}""");

    [Test]
    public void Signature_is_that_of_the_published_example() =>
        Assert.That(StandardWebhook.Sign(Secret, Id, SentAt, Body), Is.EqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));

    [Test]
    public void Signed_body_verifies_beside_signatures_of_other_secrets_and_versions()
    {
        var signature = StandardWebhook.Sign(Secret, Id, SentAt, Body);
        Assert.That(StandardWebhook.Verify(Secret, Id, "1614265330", $"v1,AAAA v2,{signature} {signature}", Body, SentAt.AddMinutes(4)));
    }

    [TestCase("msg_other", "1614265330", "{\"test\": 2432232314}", 0)]
    [TestCase(Id, "1614265331", "{\"test\": 2432232314}", 0)]
    [TestCase(Id, "1614265330", "{\"test\": 2432232315}", 0)]
    [TestCase(Id, "1614265330", "{\"test\": 2432232314}", 301)]
    [TestCase(Id, "1614265330", "{\"test\": 2432232314}", -301)]
    [TestCase(Id, "-9223372036854775808", "{\"test\": 2432232314}", 0)]
    [TestCase(Id, "9223372036854775807", "{\"test\": 2432232314}", 0)]
    [TestCase(null, null, "{\"test\": 2432232314}", 0)]
    public void Anything_changed_or_old_does_not_verify(string? id, string? timestamp, string body, int late) => Assert.That(
        StandardWebhook.Verify(Secret, id, timestamp, StandardWebhook.Sign(Secret, Id, SentAt, Body), Encoding.UTF8.GetBytes(body), SentAt.AddSeconds(late)), Is.False);

    [TestCase("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true)]
    [TestCase("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", false)]
    [TestCase("whsec_c2hvcnQ=", false)]
    [TestCase("whsec_not base64", false)]
    public void Secret_has_a_prefix_and_enough_bytes(string secret, bool isOne) => Assert.That(StandardWebhook.IsSecret(new Secret(secret)), Is.EqualTo(isOne));
}
