using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cortex.Governance.Integrity.Canonical;
using NUnit.Framework;

namespace Cortex.Tests.Governance.Integrity;

/// <summary>The canonical form of JSON, by the examples of <see href="https://www.rfc-editor.org/rfc/rfc8785">RFC 8785</see> and by its properties.</summary>
internal sealed class CanonicalJsonTests
{
    /// <summary>Appendix B: the bits of a double, and its text.</summary>
    [TestCase(0x0000000000000000UL, "0")]
    [TestCase(0x8000000000000000UL, "0")]
    [TestCase(0x0000000000000001UL, "5e-324")]
    [TestCase(0x8000000000000001UL, "-5e-324")]
    [TestCase(0x7fefffffffffffffUL, "1.7976931348623157e+308")]
    [TestCase(0xffefffffffffffffUL, "-1.7976931348623157e+308")]
    [TestCase(0x4340000000000000UL, "9007199254740992")]
    [TestCase(0xc340000000000000UL, "-9007199254740992")]
    [TestCase(0x4430000000000000UL, "295147905179352830000")]
    [TestCase(0x44b52d02c7e14af5UL, "9.999999999999997e+22")]
    [TestCase(0x44b52d02c7e14af6UL, "1e+23")]
    [TestCase(0x44b52d02c7e14af7UL, "1.0000000000000001e+23")]
    [TestCase(0x444b1ae4d6e2ef4eUL, "999999999999999700000")]
    [TestCase(0x444b1ae4d6e2ef4fUL, "999999999999999900000")]
    [TestCase(0x444b1ae4d6e2ef50UL, "1e+21")]
    [TestCase(0x3eb0c6f7a0b5ed8cUL, "9.999999999999997e-7")]
    [TestCase(0x3eb0c6f7a0b5ed8dUL, "0.000001")]
    [TestCase(0x41b3de4355555553UL, "333333333.3333332")]
    [TestCase(0x41b3de4355555554UL, "333333333.33333325")]
    [TestCase(0x41b3de4355555555UL, "333333333.3333333")]
    [TestCase(0x41b3de4355555556UL, "333333333.3333334")]
    [TestCase(0x41b3de4355555557UL, "333333333.33333343")]
    [TestCase(0xbecbf647612f3696UL, "-0.0000033333333333333333")]
    [TestCase(0x43143ff3c1cb0959UL, "1424953923781206.2")]
    public void Number_is_written_as_ECMAScript_does(ulong bits, string text) =>
        Assert.That(CanonicalNumber.Of(BitConverter.UInt64BitsToDouble(bits)), Is.EqualTo(text));

    /// <summary>Section 3.2.2.</summary>
    [Test]
    public void Texts_literals_and_numbers_are_written_as_the_example_has_them()
    {
        const string input = """
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """;

        Assert.That(Write(input), Is.EqualTo("""{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"""));
    }

    /// <summary>Section 3.2.3: by UTF-16 units, so that an emoji comes before a Hebrew letter.</summary>
    [Test]
    public void Members_are_ordered_by_the_units_of_their_names()
    {
        const string input = """
            {"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
             "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}
            """;

        var values = JsonElement.Parse(Write(input)).EnumerateObject().Select(member => member.Value.GetString());

        Assert.That(values, Is.EqualTo(new[]
        {
            "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign", "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh",
        }));
    }

    [TestCase("""{"a": 1, "a": 2}""", "twice")]
    [TestCase("""{"a": 1, "\u0061": 2}""", "twice")]
    [TestCase("""{"x": [{"b": {}, "b": {}}]}""", "twice")]
    [TestCase("""["\ud800"]""", "surrogate")]
    [TestCase("""{"\udc00": 1}""", "surrogate")]
    [TestCase("""[1e400]""", "range")]
    [TestCase("""[1,]""", "JSON")]
    public void What_two_readers_could_take_differently_has_no_canonical_form(string json, string problem)
    {
        Assert.That(CanonicalJson.TryWrite(Encoding.UTF8.GetBytes(json), out _, out var said), Is.False);
        Assert.That(said, Does.Contain(problem));
    }

    [Test]
    public void Canonical_form_says_the_same_and_is_its_own_whatever_the_order([Range(1, 60)] int seed)
    {
        var random = new Random(seed);
        var value = new JsonArray(RandomJson.Value(random, depth: 5));
        var canonical = Write(value.ToJsonString());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Write(canonical), Is.EqualTo(canonical));
            Assert.That(Write(RandomJson.Shuffle(value, random)!.ToJsonString(RandomJson.Indented)), Is.EqualTo(canonical));
            Assert.That(JsonElement.DeepEquals(JsonElement.Parse(canonical), JsonElement.Parse(value.ToJsonString())));
        }
    }

    [Test]
    public void Number_reads_back_as_itself_and_no_shorter_one_does([Range(1, 5)] int seed)
    {
        var random = new Random(seed);
        for (var count = 0; count < 2_000; count++)
        {
            var value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (!double.IsFinite(value))
                continue;
            var text = CanonicalNumber.Of(value);
            Assert.That(double.Parse(text, CultureInfo.InvariantCulture), Is.EqualTo(value), text);
            Assert.That(text, Does.Match(@"^-?(0|[1-9]\d*)(\.\d*[1-9])?(e[+-][1-9]\d*)?$"));
        }
    }

    private static string Write(string json) => CanonicalJson.TryWrite(Encoding.UTF8.GetBytes(json), out var canonical, out var problem)
        ? Encoding.UTF8.GetString(canonical)
        : throw new FormatException(problem);
}
