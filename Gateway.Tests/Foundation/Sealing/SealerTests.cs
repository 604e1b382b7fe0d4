using System.Buffers.Text;
using Cortex.Foundation.Sealing;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Sealing;

/// <summary>Sealing: the layout, and that whatever was tampered with does not open.</summary>
internal sealed class SealerTests
{
    private const string Mine = "grant/person-1";

    private static readonly byte[] Plaintext = "a refresh token"u8.ToArray();

    private readonly Sealer _sealer = TestKeys.Sealer(TestKeys.Key("k1", 1));

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(100_000)]
    public void Sealed_bytes_open_again(int length)
    {
        var plaintext = new byte[length];
        new Random(length).NextBytes(plaintext);
        Assert.That(_sealer.TryOpen(_sealer.Seal(plaintext, Mine), Mine), Is.EqualTo(plaintext));
    }

    [Test]
    public void Record_is_version_key_id_nonce_ciphertext_tag()
    {
        var record = _sealer.Seal(Plaintext, Mine);
        Assert.That(record, Has.Length.EqualTo(1 + 1 + 2 + 12 + Plaintext.Length + 16));
        Assert.That(record[..4], Is.EqualTo("\u0001\u0002k1"u8.ToArray()));
        Assert.That(SealedLayout.FindKeyId(record), Is.EqualTo("k1"));
    }

    [Test]
    public void Record_differs_each_time() =>
        Assert.That(Enumerable.Range(0, 1_000).Select(_ => _sealer.SealText("same", Mine)), Is.Unique);

    [Test]
    public void Record_with_any_bit_flipped_does_not_open()
    {
        var record = _sealer.Seal(Plaintext, Mine);
        for (var bit = 0; bit < record.Length * 8; bit++)
        {
            var tampered = record.ToArray();
            tampered[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(_sealer.TryOpen(tampered, Mine), Is.Null, $"bit {bit}");
        }
    }

    [Test]
    public void Record_cut_or_lengthened_anywhere_does_not_open()
    {
        var record = _sealer.Seal(Plaintext, Mine);
        for (var length = 0; length < record.Length; length++)
        {
            Assert.That(_sealer.TryOpen(record.AsSpan(0, length), Mine), Is.Null, $"first {length} bytes");
        }

        Assert.That(_sealer.TryOpen((byte[])[.. record, 0], Mine), Is.Null);
    }

    [TestCase("grant/person-2")]
    [TestCase("grant/person-1 ")]
    [TestCase("")]
    public void Record_of_another_owner_does_not_open(string theirs) =>
        Assert.That(_sealer.TryOpen(_sealer.Seal(Plaintext, Mine), theirs), Is.Null);

    [Test]
    public void Record_under_a_key_that_is_not_in_the_ring_does_not_open() =>
        Assert.That(_sealer.TryOpen(TestKeys.Sealer(TestKeys.Key("k2", 1)).Seal(Plaintext, Mine), Mine), Is.Null);

    [Test]
    public void Record_under_other_bytes_of_the_same_key_id_does_not_open() =>
        Assert.That(_sealer.TryOpen(TestKeys.Sealer(TestKeys.Key("k1", 2)).Seal(Plaintext, Mine), Mine), Is.Null);

    [Test]
    public void Record_that_borrows_bytes_between_key_id_and_owner_does_not_open()
    {
        var record = TestKeys.Sealer(TestKeys.Key("k", 1)).Seal(Plaintext, "1/owner");
        byte[] forged = [record[0], 2, .. "k1"u8, .. record[3..]];
        Assert.That(_sealer.TryOpen(forged, "/owner"), Is.Null);
    }

    [Test]
    public void Rotated_ring_seals_under_the_first_key_and_opens_under_all()
    {
        var old = _sealer.Seal(Plaintext, Mine);
        var rotated = TestKeys.Sealer(TestKeys.Key("k2", 2), TestKeys.Key("k1", 1));
        Assert.That(rotated.TryOpen(old, Mine), Is.EqualTo(Plaintext));
        Assert.That(SealedLayout.FindKeyId(rotated.Seal(Plaintext, Mine)), Is.EqualTo("k2"));
    }

    [Test]
    public void Sealed_text_opens_again_and_fits_a_url()
    {
        var text = _sealer.SealText("ein Täxt ✓", Mine);
        Assert.That(Base64Url.IsValid(text) && !text.Contains('=', StringComparison.Ordinal));
        Assert.That(_sealer.TryOpenText(text, Mine), Is.EqualTo("ein Täxt ✓"));
        Assert.That(_sealer.TryOpenText(text, "other"), Is.Null);
    }

    [Test]
    public void Sealed_text_in_another_spelling_does_not_open()
    {
        foreach (var plaintext in new[] { "a", "ab", "abc" })
        {
            var text = _sealer.SealText(plaintext, Mine);
            Assert.That(_sealer.TryOpenText(text + "=", Mine), Is.Null);
            Assert.That(_sealer.TryOpenText(text + "==", Mine), Is.Null);
            Assert.That(_sealer.TryOpenText(" " + text, Mine), Is.Null);
            Assert.That(_sealer.TryOpenText(text + "\n", Mine), Is.Null);
            foreach (var last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".Where(last => last != text[^1]))
            {
                Assert.That(_sealer.TryOpenText(text[..^1] + last, Mine), Is.Null);
            }
        }
    }

    [TestCase("")]
    [TestCase("no base64!")]
    [TestCase("AAAA")]
    [TestCase("AQ")]
    public void Text_that_was_never_sealed_does_not_open(string text) =>
        Assert.That(_sealer.TryOpenText(text, Mine), Is.Null);

    [Test]
    public void Sealer_is_safe_for_many_threads() =>
        Assert.That(
            ParallelEnumerable.Range(0, 2_000).Select(number => _sealer.TryOpenText(_sealer.SealText($"{number}", Mine), Mine) == $"{number}"),
            Has.None.False);
}
