using Cortex.Foundation.Sealing;
using Cortex.Identity.Vault;
using Cortex.Tests.Foundation.Sealing;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Vault;

/// <summary>Records of grants in the wrong hands.</summary>
internal sealed class GrantSealingTests
{
    private const string Issuer = "https://provider.example";

    private static readonly SealingKey Old = TestKeys.Key("old", 1);
    private static readonly SealingKey New = TestKeys.Key("new", 2);

    private static readonly Grant Grant = new()
    {
        AccessToken = "access",
        RefreshToken = "refresh",
        Client = new GrantClient { ClientId = "gateway", TokenEndpoint = new Uri("https://provider.example/token") },
    };

    [Test]
    public void Grant_opens_for_its_person_backend_and_issuer_and_for_no_other()
    {
        var sealing = Sealing(New, Old);
        var key = VaultStage.NewKey();
        var row = Row(sealing.Seal(key, Issuer, Grant));

        Assert.That(sealing.TryOpen(key, row, out var opened));
        Assert.That(opened, Is.EqualTo(Grant));
        Assert.That(sealing.TryOpen(VaultStage.NewKey(), row, out _), Is.False, "another person");
        Assert.That(sealing.TryOpen(key with { Backend = VaultStage.NewKey("github").Backend }, row, out _), Is.False, "another backend");
        Assert.That(sealing.TryOpen(key, row with { Issuer = "https://other.example" }, out _), Is.False, "another issuer");
    }

    [Test]
    public void Key_id_that_was_changed_to_an_older_one_does_not_open_even_with_the_same_bytes()
    {
        var sealing = Sealing(New, TestKeys.Key("old", 2));
        var key = VaultStage.NewKey();
        var row = Row(sealing.Seal(key, Issuer, Grant));

        "old"u8.CopyTo(row.Sealed.AsSpan(2));

        Assert.That(SealedLayout.FindKeyId(row.Sealed), Is.EqualTo("old"));
        Assert.That(sealing.TryOpen(key, row, out _), Is.False);
    }

    [Test]
    public void Missing_key_is_named()
    {
        var key = VaultStage.NewKey();
        var row = Row(Sealing(Old).Seal(key, Issuer, Grant));

        Assert.That(() => Sealing(New).Open(key, row), Throws.InstanceOf<SealingException>().With.Message.Contain("under the key 'old', which is not at hand"));
    }

    [Test]
    public void Nothing_prints_a_token()
    {
        Assert.That(Grant.ToString(), Is.EqualTo("***"));
        Assert.That(new TokenResult.Received("access", "refresh", null, null).ToString(), Is.EqualTo("***"));
        Assert.That(new VaultResult.Granted(new("access"), "link", null).ToString(), Does.Not.Contain("access"));
    }

    private static GrantSealing Sealing(params SealingKey[] keys)
    {
        var ring = new KeyRing(keys);
        return new GrantSealing(new Sealer(ring), ring);
    }

    private static GrantRow Row(SealedGrant grant) => new() { Issuer = Issuer, StateName = GrantRow.Linked, Sealed = grant.Record, KeyId = grant.KeyId };
}
