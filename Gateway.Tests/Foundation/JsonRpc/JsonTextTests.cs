using System.Text;
using System.Text.Json;
using Cortex.Foundation.JsonRpc;
using CsCheck;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.JsonRpc;

/// <summary>Raw scalars in and out.</summary>
internal sealed class JsonTextTests
{
    [TestCase("\"a\"", "a", true)]
    [TestCase("\"\\u0061\"", "a", true)]
    [TestCase("\"\\ud83d\\ude00\"", "😀", true)]
    [TestCase("\"\\/\\b\\f\\n\\r\\t\\\"\\\\\"", "/\b\f\n\r\t\"\\", true)]
    [TestCase("\"\"", "", true)]
    [TestCase("\"a\"", "ab", false)]
    [TestCase("\"ab\"", "a", false)]
    [TestCase("\"\\u0061b\"", "a", false)]
    [TestCase("\"\\ud83d\"", "\ufffd", false)]
    [TestCase("1", "1", false)]
    [TestCase("\"", "", false)]
    [TestCase("", "", false)]
    public void Equals_compares_what_the_string_says(string raw, string text, bool expected) =>
        Assert.That(JsonText.Equals(Encoding.UTF8.GetBytes(raw), Encoding.UTF8.GetBytes(text)), Is.EqualTo(expected));

    [TestCase("1", "1", true)]
    [TestCase("1", "1.0", false)]
    [TestCase("1", "\"1\"", false)]
    [TestCase("\"\\u0061\\u0062\"", "\"a\\u0062\"", true)]
    [TestCase("\"\\ud800\"", "\"\\udbff\"", false)]
    public void IsSame_compares_spellings_of_strings_only(string raw, string other, bool expected) =>
        Assert.That(JsonText.IsSame(Encoding.UTF8.GetBytes(raw), Encoding.UTF8.GetBytes(other)), Is.EqualTo(expected));

    [TestCase("\"\\ud800\"")]
    [TestCase("\"\\udc00\\ud800\"")]
    [TestCase("\"\\ud800\\n\"")]
    [TestCase("null")]
    [TestCase("\"open")]
    public void GetString_refuses_what_is_no_whole_text(string raw)
    {
        Assert.That(JsonText.TryGetString(Encoding.UTF8.GetBytes(raw), out _), Is.False);
        Assert.Throws<FormatException>(() => JsonText.GetString(Encoding.UTF8.GetBytes(raw)));
    }

    [Test]
    public void Long_escaped_string_is_unescaped() =>
        Assert.That(JsonText.GetString(Encoding.UTF8.GetBytes($"\"{new string('x', 1000)}\\n\"")), Is.EqualTo(new string('x', 1000) + "\n"));

    [TestCase("0", true, 0)]
    [TestCase("-12", true, -12)]
    [TestCase("9223372036854775807", true, long.MaxValue)]
    [TestCase("9223372036854775808", false, 0)]
    [TestCase("1.0", false, 0)]
    [TestCase("1e3", false, 0)]
    [TestCase("\"1\"", false, 0)]
    [TestCase("", false, 0)]
    public void TryGetInt64_takes_whole_numbers(string raw, bool expected, long value)
    {
        Assert.That(JsonText.TryGetInt64(Encoding.UTF8.GetBytes(raw), out var actual), Is.EqualTo(expected));
        if (expected)
            Assert.That(actual, Is.EqualTo(value));
    }

    [TestCase("true", true, true)]
    [TestCase("false", true, false)]
    [TestCase("null", false, false)]
    [TestCase("\"true\"", false, false)]
    public void TryGetBoolean_takes_truth_values(string raw, bool expected, bool value)
    {
        Assert.That(JsonText.TryGetBoolean(Encoding.UTF8.GetBytes(raw), out var actual), Is.EqualTo(expected));
        Assert.That(actual, Is.EqualTo(value));
    }

    [Test]
    public void Written_string_escapes_what_must_be_and_nothing_else() =>
        Assert.That(Encoding.UTF8.GetString(JsonText.Quote("a\"\\/\b\t\n\f\r\u0001\u001f\u007fé<🔑")), Is.EqualTo("\"a\\\"\\\\/\\b\\t\\n\\f\\r\\u0001\\u001f\u007fé<🔑\""));

    [Test]
    public void Half_a_surrogate_pair_is_written_as_replacement() =>
        Assert.That(Encoding.UTF8.GetString(JsonText.Quote("a\ud800b")), Is.EqualTo("\"a\ufffdb\""));

    [Test]
    public void Written_string_is_read_back_by_System_Text_Json() => Gen.String.Where(text => IsWhole(text)).Sample(
        text =>
        {
            using var buffer = new PooledBuffer();
            JsonText.WriteString(buffer, Encoding.UTF8.GetBytes(text));
            Assert.That(JsonSerializer.Deserialize<string>(buffer.WrittenSpan), Is.EqualTo(text));
            Assert.That(buffer.WrittenSpan.SequenceEqual(JsonText.Quote(text)));
        },
        iter: 2000);

    private static bool IsWhole(string text) => !text.EnumerateRunes().Any(rune => rune.Value == 0xFFFD);
}
