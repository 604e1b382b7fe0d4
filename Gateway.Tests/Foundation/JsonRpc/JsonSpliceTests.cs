using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cortex.Foundation.JsonRpc;
using CsCheck;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.JsonRpc;

/// <summary>Edits that leave all other bytes alone.</summary>
internal sealed class JsonSpliceTests
{
    private enum Edit
    {
        Keep,
        Replace,
        Remove,
    }

    [TestCase("""{ "a" : 1 , "b":2 }""", "-a", """{ "b":2 }""")]
    [TestCase("""{ "a" : 1 , "b":2 }""", "-b", """{ "a" : 1  }""")]
    [TestCase("""{"a":1}""", "-a", "{}")]
    [TestCase("""{"a":1,"b":2,"c":3}""", "-a-b", """{"c":3}""")]
    [TestCase("""{"a":1,"b":2,"c":3}""", "-b-c", """{"a":1}""")]
    [TestCase("""{"a":1,"b":2,"c":3}""", "-a-c", """{"b":2}""")]
    [TestCase("""{"a":1,"b":2,"c":3}""", "-a-b-c", "{}")]
    [TestCase("""{"a":1}""", "+", """{"new":0,"a":1}""")]
    [TestCase("{ }", "+", """{"new":0 }""")]
    [TestCase("{}", "++", """{"new":0,"new":0}""")]
    [TestCase("""{"a":1}""", "-a+", """{"new":0}""")]
    [TestCase("""{ "a":1}""", "+-a", """{"new":0 }""")]
    [TestCase("""{"a":1,"b":2}""", "+-b", """{"new":0,"a":1}""")]
    [TestCase("""{"a":1,"b":2}""", "=a-b", """{"a":"x"}""")]
    [TestCase("""{"a\"":"\\","b":2}""", "-b=a", """{"a\"":"x"}""")]
    public void Commas_fit_what_is_left(string source, string edits, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(source);
        var splice = new JsonSplice(bytes);
        for (var i = 0; i < edits.Length; i++)
        {
            if (edits[i] == '+')
                splice.InsertFirst(new ByteRange(0, bytes.Length), "\"new\":0"u8.ToArray());
            else if (edits[i++] == '-')
                splice.Remove(Value(edits[i]));
            else
                splice.Replace(Value(edits[i]), "\"x\""u8.ToArray());
        }

        Assert.That(Write(ref splice), Is.EqualTo(expected));

        ByteRange Value(char name) => Members(bytes).First(member => member.Name[0] == name).Value;
    }

    [Test]
    public void Spliced_document_is_the_edited_document() =>
        Gen.Select(
            Gen.Select(Json.Members("a", Json.Value), Json.ObjectOf(Json.Members("b", Json.Value))).SelectMany((outer, inner) =>
                Json.ObjectOf(Gen.Shuffle(outer.Append($"\"inner\":{inner}").ToArray()))),
            Gen.Enum<Edit>().Array[16], Gen.Int[0, 2], Gen.Int[0, 2])
        .Sample(
            (source, edits, outerInsertions, innerInsertions) =>
            {
                var bytes = Encoding.UTF8.GetBytes(source);
                var expected = JsonNode.Parse(source)!.AsObject();
                var splice = new JsonSplice(bytes);
                var next = 0;
                var inner = Members(bytes).Single(member => member.Name == "inner").Value;
                EditObject(bytes, 0, "inner", expected, ref splice, edits, ref next);
                EditObject(inner.Of(bytes), inner.Start, "", expected["inner"]!.AsObject(), ref splice, edits, ref next);
                Insert(new ByteRange(0, bytes.Length), outerInsertions, expected, ref splice);
                Insert(inner, innerInsertions, expected["inner"]!.AsObject(), ref splice);
                Assert.That(JsonNode.DeepEquals(JsonNode.Parse(Write(ref splice)), expected), source);
            },
            iter: 3000);

    [Test]
    public void Overlapping_edits_throw() => Assert.Throws<InvalidOperationException>(() =>
    {
        var splice = new JsonSplice("""{"a":{"b":1}}"""u8);
        splice.Remove(new ByteRange(5, 7));
        splice.Replace(new ByteRange(10, 1), "2"u8.ToArray());
    });

    [Test]
    public void Edit_of_an_absent_member_throws()
    {
        Assert.Throws<ArgumentException>(() => new JsonSplice("{}"u8).Replace(default, default));
        Assert.Throws<ArgumentException>(() => new JsonSplice("{}"u8).Remove(default));
        Assert.Throws<ArgumentException>(() => new JsonSplice("{}"u8).InsertFirst(default, default));
    }

    private static void EditObject(
        ReadOnlySpan<byte> source, int offset, string skip, JsonObject expected, ref JsonSplice splice, Edit[] edits, ref int next)
    {
        foreach (var (name, value) in Members(source).Where(member => member.Name != skip))
        {
            var range = new ByteRange(value.Start + offset, value.Length);
            switch (edits[next++ % edits.Length])
            {
                case Edit.Replace:
                    splice.Replace(range, "[true]"u8.ToArray());
                    expected[name] = new JsonArray(true);
                    break;
                case Edit.Remove:
                    splice.Remove(range);
                    expected.Remove(name);
                    break;
            }
        }
    }

    private static void Insert(ByteRange container, int count, JsonObject expected, ref JsonSplice splice)
    {
        for (var i = 0; i < count; i++)
        {
            splice.InsertFirst(container, Encoding.UTF8.GetBytes($"\"new{i}\":{i}"));
            expected[$"new{i}"] = i;
        }
    }

    private static string Write(ref JsonSplice splice)
    {
        using var buffer = new PooledBuffer(16);
        splice.WriteTo(buffer);
        Assert.That(splice.GetLength(), Is.EqualTo(buffer.Length));
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static List<(string Name, ByteRange Value)> Members(ReadOnlySpan<byte> source)
    {
        var found = new List<(string, ByteRange)>();
        var reader = new Utf8JsonReader(source);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            found.Add((name, new ByteRange(start, (int)reader.BytesConsumed - start)));
        }

        return found;
    }
}
