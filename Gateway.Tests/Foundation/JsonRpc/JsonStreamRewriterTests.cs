using System.Text;
using System.Text.Json;
using Cortex.Foundation.JsonRpc;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.JsonRpc;

/// <summary>Each rule on its own, and each way a stream can be bad.</summary>
internal sealed class JsonStreamRewriterTests
{
    private const string Inserted = "\"resultType\":\"complete\"";

    [TestCase("""{"result":{}}""", """{"result":{"resultType":"complete"}}""")]
    [TestCase("""{"result":{ "a":1}}""", """{"result":{"resultType":"complete" ,"a":1}}""")]
    [TestCase("""{"result":{"resultType":"x"}}""", """{"result":{"resultType":"complete"}}""")]
    [TestCase("""{"result":{"a":1,"resultType":{"x":[1]},"b":2}}""", """{"result":{"resultType":"complete","a":1,"b":2}}""")]
    [TestCase("""{"result":null}""", """{"result":null}""")]
    [TestCase("""{"result":[{"resultType":1}]}""", """{"result":[{"resultType":1}]}""")]
    [TestCase("""{"x":{"result":{"resultType":1}}}""", """{"x":{"result":{"resultType":1}}}""")]
    [TestCase("""[{"result":{}}]""", """[{"result":{}}]""")]
    public void Remove_and_insert_first_set_a_member(string source, string expected)
    {
        var rules = new JsonRewriteRulesBuilder()
            .Remove(["result", "resultType"])
            .InsertFirst(["result"], RewriteValue.Of(Encoding.UTF8.GetBytes(Inserted)))
            .Build();

        Assert.That(Rewrite(rules, source), Is.EqualTo(expected));
    }

    [TestCase("""{"a":1,"b":2,"c":3}""", """{"b":2}""")]
    [TestCase("""{"a":1}""", "{}")]
    [TestCase("""{"b":2,"a":[{"x":"}"}]}""", """{"b":2}""")]
    [TestCase("""{"\u0061":1,"b":2}""", """{"b":2}""")]
    public void Removed_members_take_their_commas(string source, string expected)
    {
        var rules = new JsonRewriteRulesBuilder().Remove(["a"]).Remove(["c"]).Build();

        Assert.That(Rewrite(rules, source), Is.EqualTo(expected));
    }

    [TestCase("""{"id":"a","x":1}""", """{"id":7,"x":1}""")]
    [TestCase("""{"id":"\u0061"}""", """{"id":7}""")]
    [TestCase("""{"id":"b"}""", """{"id":"b"}""")]
    [TestCase("""{"id": 12345678901234567890 }""", """{"id": 12345678901234567890 }""")]
    [TestCase("""{"id":["a"]}""", """{"id":["a"]}""")]
    public void ReplaceIfEquals_replaces_what_says_the_same(string source, string expected)
    {
        var rules = new JsonRewriteRulesBuilder().ReplaceIfEquals(["id"], RewriteValue.Slot(1), RewriteValue.Slot(0)).Build();

        Assert.That(Rewrite(rules, source, "7", "\"a\""), Is.EqualTo(expected));
    }

    [TestCase("""{"params":{"name":"a"}}""")]
    [TestCase("""{"params":{"name":[1,{"name":2}]}}""")]
    [TestCase("""{"params":{"name":null}}""")]
    public void Replace_replaces_whatever_is_there(string source)
    {
        var rules = new JsonRewriteRulesBuilder().Replace(["params", "name"], RewriteValue.Slot(0)).Build();

        Assert.That(Rewrite(rules, source, "\"new\""), Is.EqualTo("""{"params":{"name":"new"}}"""));
    }

    [Test]
    public void Captures_and_watches_tell_what_passed()
    {
        var rules = new JsonRewriteRulesBuilder()
            .Capture(["result", "isError"], out var isError)
            .Capture(["error", "code"], out var code)
            .Capture(["result", "big"], out var big)
            .Watch(["result", "content"], out var content)
            .Watch(["result", "other"], out var other)
            .Build();
        var rewriter = new JsonStreamRewriter(rules);
        var source = $$$"""{"jsonrpc":"2.0","id":1,"result":{"content":[{"isError":false}],"big":"{{{new string('x', 2000)}}}","isError": true}}""";

        Assert.That(Rewrite(rewriter, source), Is.EqualTo(source));
        Assert.That(rewriter.TryGetCaptured(isError, out var raw) && raw.SequenceEqual("true"u8));
        Assert.That(rewriter.TryGetCaptured(code, out _) || rewriter.TryGetCaptured(big, out _), Is.False);
        Assert.That((rewriter.Saw(content), rewriter.Saw(big), rewriter.Saw(other), rewriter.Saw(code)), Is.EqualTo((true, true, false, false)));
        Assert.That(rewriter.Seen, Is.EqualTo(JsonRpcMembers.JsonRpc | JsonRpcMembers.Id | JsonRpcMembers.Result));
        Assert.That(rewriter.RootKind, Is.EqualTo(JsonValueKind.Object));
    }

    [Test]
    public void Captures_below_a_removed_value_are_kept()
    {
        var rules = new JsonRewriteRulesBuilder().Remove(["result"]).Capture(["result", "isError"], out var isError).Build();
        var rewriter = new JsonStreamRewriter(rules);

        Assert.That(Rewrite(rewriter, """{"id":1,"result":{"isError":true}}"""), Is.EqualTo("""{"id":1}"""));
        Assert.That(rewriter.TryGetCaptured(isError, out _));
    }

    [Test]
    public void Long_value_that_might_have_been_replaced_passes_unchanged()
    {
        var rules = new JsonRewriteRulesBuilder().ReplaceIfEquals(["id"], RewriteValue.Of("1"u8), RewriteValue.Of("2"u8)).Build();
        var source = $$"""{"id":"{{new string('x', 5000)}}","b":1}""";

        Assert.That(Rewrite(rules, source), Is.EqualTo(source));
    }

    [Test]
    public void Long_key_in_an_edited_object_passes_with_its_comma()
    {
        var rules = new JsonRewriteRulesBuilder().Remove(["a"]).Build();
        var key = new string('k', 5000);

        Assert.That(Rewrite(rules, $$"""{"b":1,"a":2,"{{key}}":3,"a2":4}"""), Is.EqualTo($$"""{"b":1,"{{key}}":3,"a2":4}"""));
    }

    [TestCase("""{"id":1,"id":2}""", JsonRpcFaultKind.RepeatedKey)]
    [TestCase("""{"id":1,"\u0069d":2}""", JsonRpcFaultKind.RepeatedKey)]
    [TestCase("""{"result":{"a":1,"a":2}}""", JsonRpcFaultKind.RepeatedKey)]
    [TestCase("""{"result":{"a":1""", JsonRpcFaultKind.Incomplete)]
    [TestCase("""{"result":"a""", JsonRpcFaultKind.Incomplete)]
    [TestCase("", JsonRpcFaultKind.Incomplete)]
    [TestCase("""{"result":tru}""", JsonRpcFaultKind.InvalidJson)]
    [TestCase("""{"result":[1,]}""", JsonRpcFaultKind.InvalidJson)]
    [TestCase("{} {}", JsonRpcFaultKind.TrailingBytes)]
    [TestCase("[]", JsonRpcFaultKind.Batch)]
    [TestCase("\"a\"", JsonRpcFaultKind.NotAnObject)]
    public void Bad_text_is_a_fault(string source, JsonRpcFaultKind expected)
    {
        var rules = new JsonRewriteRulesBuilder().Watch(["result", "a"], out _).RequireObject().Build();
        using var output = new PooledBuffer();
        var rewriter = new JsonStreamRewriter(rules);

        rewriter.Write(Encoding.UTF8.GetBytes(source), output);

        Assert.That(rewriter.Complete().Kind, Is.EqualTo(expected));
        Assert.That(rewriter.IsComplete, Is.False);
    }

    [Test]
    public void Nothing_of_a_repeated_key_is_written()
    {
        using var output = new PooledBuffer();
        var rewriter = new JsonStreamRewriter(JsonRewriteRules.None);

        rewriter.Write("""{"id":1,"id":2}"""u8, output);
        rewriter.Write("x"u8, output);

        Assert.That(Encoding.UTF8.GetString(output.WrittenSpan), Is.EqualTo("""{"id":1,"""));
        Assert.That(rewriter.Fault.Offset, Is.EqualTo(8));
    }

    [Test]
    public void Rules_refuse_what_they_cannot_hold()
    {
        Assert.Throws<ArgumentException>(() => new JsonRewriteRulesBuilder().Remove(["a", "b", "c", "d", "e", "f", "g", "h"]));
        Assert.Throws<ArgumentException>(() => new JsonRewriteRulesBuilder().Remove(["a", JsonRewriteRulesBuilder.Each, "b"]));
        Assert.Throws<ArgumentException>(() => new JsonRewriteRulesBuilder().Watch(["a", JsonRewriteRulesBuilder.Each], out _));
        Assert.Throws<ArgumentException>(() => new JsonRewriteRulesBuilder().Map(["a"], 0, 10).Map(["a"], 1, 10));
        Assert.Throws<ArgumentException>(() => _ = new JsonStreamRewriter(new JsonRewriteRulesBuilder().Map(["a"], 1, 10).Build(), [_ => default]));
        Assert.Throws<ArgumentException>(() => new JsonRewriteRulesBuilder().Remove([]));
        Assert.Throws<ArgumentException>(() => new JsonRewriteRulesBuilder().Remove(["a"]).Replace(["a"], default));
        Assert.Throws<ArgumentException>(() => _ = new JsonStreamRewriter(new JsonRewriteRulesBuilder().Replace(["a"], RewriteValue.Slot(0)).Build()));
    }

    private static string Rewrite(JsonRewriteRules rules, string source, params string[] slots) =>
        Rewrite(new JsonStreamRewriter(rules, [.. slots.Select(slot => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(slot))]), source);

    /// <summary>What becomes of <paramref name="source"/>, whole and byte by byte.</summary>
    internal static string Rewrite(JsonStreamRewriter rewriter, string source)
    {
        var bytes = Encoding.UTF8.GetBytes(source);
        using var whole = new PooledBuffer();
        Assert.That(rewriter.Write(bytes, whole), Is.EqualTo(default(JsonRpcFault)));
        Assert.That(rewriter.Complete(), Is.EqualTo(default(JsonRpcFault)));

        rewriter.Reset();
        using var pieces = new PooledBuffer();
        foreach (var chunk in Chunks.Cut(bytes, [1]))
            rewriter.Write(chunk.Span, pieces);
        Assert.That(rewriter.Complete(), Is.EqualTo(default(JsonRpcFault)));
        Assert.That(pieces.WrittenSpan.SequenceEqual(whole.WrittenSpan));
        return Encoding.UTF8.GetString(whole.WrittenSpan);
    }
}
