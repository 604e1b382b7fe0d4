using System.Text;
using Cortex.Foundation.JsonRpc;
using NUnit.Framework;
using static Cortex.Foundation.JsonRpc.JsonRewriteRulesBuilder;

namespace Cortex.Tests.Foundation.JsonRpc;

/// <summary>Scalars that a function maps, and the elements of arrays.</summary>
internal sealed class JsonStreamMapTests
{
    private const int MaxBytes = 20;

    [TestCase("""{"uri":"a"}""", """{"uri":<"a">}""")]
    [TestCase("""{"uri" : "\u0061\"" , "b":1}""", """{"uri" : <"\u0061\""> , "b":1}""")]
    [TestCase("""{"uri":-1.50e3}""", """{"uri":<-1.50e3>}""")]
    [TestCase("""{"uri":true}""", """{"uri":<true>}""")]
    [TestCase("""{"uri":null}""", """{"uri":null}""")]
    [TestCase("""{"uri":["a",{"uri":"b"}]}""", """{"uri":["a",{"uri":"b"}]}""")]
    [TestCase("""{"x":{"uri":"a"}}""", """{"x":{"uri":"a"}}""")]
    [TestCase("""{"uri":"234567890123456789"}""", """{"uri":<"234567890123456789">}""")]
    public void Map_writes_what_the_function_returns(string source, string expected) =>
        Assert.That(Rewrite(["uri"], source), Is.EqualTo(expected));

    [TestCase("""{"a":[{"uri":"x"},{"b":1,"uri":2},{"uri":null},"x",[{"uri":"y"}],{}]}""", """{"a":[{"uri":<"x">},{"b":1,"uri":<2>},{"uri":null},"x",[{"uri":"y"}],{}]}""")]
    [TestCase("""{"a":[ {"uri":"x"} , {"u\u0072i":"y"} ],"uri":1}""", """{"a":[ {"uri":<"x">} , {"u\u0072i":<"y">} ],"uri":1}""")]
    [TestCase("""{"a":{"uri":"x","[]":{"uri":"y"}}}""", """{"a":{"uri":"x","[]":{"uri":"y"}}}""")]
    [TestCase("""{"a":[]}""", """{"a":[]}""")]
    public void Each_reaches_the_members_of_every_element(string source, string expected) =>
        Assert.That(Rewrite(["a", Each, "uri"], source), Is.EqualTo(expected));

    [Test]
    public void Each_reaches_elements_that_are_scalars_and_arrays_in_arrays()
    {
        Assert.That(Rewrite(["a", Each], """{"a":["x",2,null,["y"],{"z":"y"},3]}"""), Is.EqualTo("""{"a":[<"x">,<2>,null,["y"],{"z":"y"},<3>]}"""));
        Assert.That(Rewrite(["a", Each, Each], """{"a":["x",["y",[1]],{},[2]]}"""), Is.EqualTo("""{"a":["x",[<"y">,[1]],{},[<2>]]}"""));
        Assert.That(Rewrite(["a", Each, "b", Each, "c", Each, "d"], """{"a":[{"b":[{"c":[{"d":1},{"d":2}]}]}]}"""), Is.EqualTo("""{"a":[{"b":[{"c":[{"d":<1>},{"d":<2>}]}]}]}"""));
    }

    [Test]
    public void One_place_may_be_an_object_or_an_array()
    {
        var rules = new JsonRewriteRulesBuilder()
            .Map(["m", Each, "content", "uri"], 0, MaxBytes).Map(["m", Each, "content", Each, "uri"], 0, MaxBytes).Build();

        Assert.That(
            Rewrite(rules, """{"m":[{"content":{"uri":"x"}},{"content":[{"uri":"y"}]},{"content":"uri"}]}"""),
            Is.EqualTo("""{"m":[{"content":{"uri":<"x">}},{"content":[{"uri":<"y">}]},{"content":"uri"}]}"""));
    }

    [Test]
    public void Commas_of_an_array_stay_where_an_object_would_be_edited()
    {
        var rules = new JsonRewriteRulesBuilder().InsertFirst(["a"], RewriteValue.Of("\"n\":1"u8)).Map(["a", Each], 0, MaxBytes).Build();

        Assert.That(Rewrite(rules, """{"a":[1 ,2]}"""), Is.EqualTo("""{"a":[<1> ,<2>]}"""));
        Assert.That(Rewrite(rules, """{"a":{"b":2}}"""), Is.EqualTo("""{"a":{"n":1,"b":2}}"""));
    }

    [Test]
    public void Maps_are_found_by_their_position()
    {
        var rules = new JsonRewriteRulesBuilder().Map(["a"], 1, MaxBytes).Map(["b"], 0, MaxBytes).Build();
        var rewriter = new JsonStreamRewriter(rules, [_ => "0"u8.ToArray(), _ => "1"u8.ToArray()]);

        Assert.That(Rewrite(rewriter, """{"a":"x","b":"y"}"""), Is.EqualTo("""{"a":1,"b":0}"""));
    }

    [Test]
    public void Scalar_is_left_as_it_is_when_the_function_returns_nothing()
    {
        var rules = new JsonRewriteRulesBuilder().Map(["a"], 0, MaxBytes).Build();

        Assert.That(Rewrite(new JsonStreamRewriter(rules, [_ => default]), """{"a": "\u0061" }"""), Is.EqualTo("""{"a": "\u0061" }"""));
    }

    [Test]
    public void Scalar_is_captured_as_it_came_and_not_mapped_where_it_is_dropped()
    {
        var rules = new JsonRewriteRulesBuilder()
            .Remove(["gone"]).Map(["gone", "uri"], 0, MaxBytes).Map(["uri"], 0, MaxBytes).Capture(["uri"], out var uri).Build();
        var rewriter = Marking(rules);

        Assert.That(Rewrite(rewriter, """{"uri":"a","gone":{"uri":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}}"""), Is.EqualTo("""{"uri":<"a">}"""));
        Assert.That(rewriter.TryGetCaptured(uri, out var raw) && raw.SequenceEqual("\"a\""u8));
    }

    [TestCase("""{"a":[{"uri":1,"uri":2}]}""")]
    [TestCase("""{"a":[{"uri":1},{"uri":1,"x":2,"\u0075ri":2}]}""")]
    [TestCase("""{"a":[],"a":[]}""")]
    public void Key_repeated_within_one_element_is_a_fault(string source)
    {
        foreach (var length in new[] { int.MaxValue, 1 })
            Assert.That(Fault(["a", Each, "uri"], source, length, out _).Kind, Is.EqualTo(JsonRpcFaultKind.RepeatedKey));
    }

    [Test]
    public void Scalar_that_is_too_long_to_map_is_a_fault_and_not_written()
    {
        foreach (var length in new[] { int.MaxValue, 1, 7 })
        {
            var fault = Fault(["uri"], """{"x":1,"uri":"2345678901234567890"}""", length, out var written);
            Assert.That(fault, Is.EqualTo(new JsonRpcFault(JsonRpcFaultKind.ScalarTooLong, 13)));
            Assert.That(written, Is.EqualTo("""{"x":1,"uri":"""));
        }
    }

    [Test]
    public void Event_streams_are_mapped_event_by_event()
    {
        var rules = new JsonRewriteRulesBuilder().Map(["a", Each, "uri"], 0, MaxBytes).Build();
        using var output = new PooledBuffer();
        using var rewriter = new SseRewriter(rules, keepIds: false, [Mark]);

        SseRewriterTests.Run(rewriter, "data: {\"a\":[{\"uri\":1}]}\n\ndata: {\"a\":[{\"uri\":2},{\"uri\":3}]}\n\n"u8.ToArray(), [3], output, () => { });

        Assert.That(Encoding.UTF8.GetString(output.WrittenSpan), Is.EqualTo("data: {\"a\":[{\"uri\":<1>}]}\n\ndata: {\"a\":[{\"uri\":<2>},{\"uri\":<3>}]}\n\n"));
    }

    private static ReadOnlyMemory<byte> Mark(ReadOnlySpan<byte> raw) => (byte[])[.. "<"u8, .. raw, .. ">"u8];

    private static JsonStreamRewriter Marking(JsonRewriteRules rules) => new(rules, [Mark]);

    private static string Rewrite(string[] path, string source) => Rewrite(new JsonRewriteRulesBuilder().Map(path, 0, MaxBytes).Build(), source);

    private static string Rewrite(JsonRewriteRules rules, string source) => Rewrite(Marking(rules), source);

    private static string Rewrite(JsonStreamRewriter rewriter, string source) => JsonStreamRewriterTests.Rewrite(rewriter, source);

    private static JsonRpcFault Fault(string[] path, string source, int length, out string written)
    {
        using var output = new PooledBuffer();
        var rewriter = Marking(new JsonRewriteRulesBuilder().Map(path, 0, MaxBytes).Build());
        foreach (var chunk in Chunks.Cut(Encoding.UTF8.GetBytes(source), [length]))
            rewriter.Write(chunk.Span, output);
        written = Encoding.UTF8.GetString(output.WrittenSpan);
        return rewriter.Fault;
    }
}
