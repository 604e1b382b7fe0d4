using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Foundation.Sealing;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Sealing;

/// <summary>What <c>vault.keys</c> may say.</summary>
internal sealed class VaultOptionsValidatorTests
{
    private const string Base64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHv8=";
    private const string Hex = "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1EFF";

    [TestCase(Base64)]
    [TestCase(Hex)]
    [TestCase(Base64 + "\n")]
    public void Key_of_32_bytes_is_read(string text)
    {
        Assert.That(Validate(("k1", text)), Is.Empty);
        Assert.That(SealingKey.TryReadMaterial(text, out var material), Is.True);
        Assert.That(Convert.ToHexString(material!), Is.EqualTo(Hex).IgnoreCase);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("geheim")]
    [TestCase("AAECAwQFBgcICQoLDA0ODw==")]
    [TestCase("geheim0405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1EFF00")]
    public void Bad_key_is_one_error_that_does_not_repeat_it(string? text)
    {
        var errors = Validate(("k1", text));
        Assert.That(errors.Select(error => error.Path), Is.EqualTo(new[] { "vault.keys[0].key" }));
        Assert.That(errors[0].Problem + errors[0].Mend, Does.Not.Contain("geheim"));
    }

    [TestCase("")]
    [TestCase("K1")]
    [TestCase("k 1")]
    [TestCase("schlüssel")]
    public void Bad_id_is_an_error(string id) =>
        Assert.That(Validate((id, Base64)).Select(error => error.Path), Is.EqualTo(new[] { "vault.keys[0].id" }));

    [Test]
    public void Every_fault_is_told_at_once() =>
        Assert.That(
            Validate(("k1", Base64), ("k1", "short"), ("?", Hex)).Select(error => error.Path),
            Is.EqualTo(new[] { "vault.keys[1].id", "vault.keys[1].key", "vault.keys[2].id" }));

    private static IReadOnlyList<SectionError> Validate(params (string Id, string? Key)[] keys)
    {
        var validation = new SectionValidation();
        var options = new VaultOptions
        {
            Keys = [.. keys.Select(key => new VaultKeyOptions { Id = key.Id, Key = key.Key is null ? null : new Secret(key.Key) })],
        };
        SealingRegistration.Section.Validate(options, validation);
        return validation.Errors;
    }
}
