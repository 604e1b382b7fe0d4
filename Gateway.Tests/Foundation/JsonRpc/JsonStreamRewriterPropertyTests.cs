using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Cortex.Foundation.JsonRpc;
using CsCheck;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.JsonRpc;

/// <summary>The stream rewriter against an object model, in chunks of any size.</summary>
internal sealed class JsonStreamRewriterPropertyTests
{
    [Test]
    public void Rewritten_text_is_the_edited_document() => Gen.Select(Rewriting.Messages, Chunks.Lengths).Sample(
        (source, lengths) =>
        {
            using var output = new PooledBuffer(16);
            var fault = Run(new JsonStreamRewriter(Rewriting.Rules, Rewriting.Maps, Rewriting.Slots), Encoding.UTF8.GetBytes(source), lengths, output);
            Assert.That(fault, Is.EqualTo(default(JsonRpcFault)), source);
            Assert.That(Rewriting.Same(output.WrittenSpan, Rewriting.Edit(source)), source);
        },
        iter: 4000);

    [Test]
    public void Chunks_make_no_difference() => Gen.Select(Rewriting.Messages, Chunks.Lengths).Sample(
        (source, lengths) =>
        {
            var bytes = Encoding.UTF8.GetBytes(source);
            using var whole = new PooledBuffer();
            using var pieces = new PooledBuffer();
            Run(new JsonStreamRewriter(Rewriting.Rules, Rewriting.Maps, Rewriting.Slots), bytes, [int.MaxValue], whole);
            Run(new JsonStreamRewriter(Rewriting.Rules, Rewriting.Maps, Rewriting.Slots), bytes, lengths, pieces);
            Assert.That(pieces.WrittenSpan.SequenceEqual(whole.WrittenSpan), source);
        },
        iter: 2000);

    [Test]
    public void Text_without_rules_passes_byte_for_byte() => Gen.Select(Json.Value, Json.Space, Chunks.Lengths).Sample(
        (value, space, lengths) =>
        {
            var bytes = Encoding.UTF8.GetBytes(space + value + space);
            using var output = new PooledBuffer(16);
            var fault = Run(new JsonStreamRewriter(JsonRewriteRules.None), bytes, lengths, output);
            Assert.That(fault.IsNone && output.WrittenSpan.SequenceEqual(bytes), value);
        },
        iter: 4000);

    [Test]
    public void What_passes_is_what_System_Text_Json_accepts() =>
        Gen.Select(Json.Value, Gen.Int[0, 2], Gen.Double[0, 1], Gen.OneOf("{", "}", "[", "]", "\"", ",", ":", "\\", "0", "1", "e", ".", "-", "+", "t", "\u0001", " ", ""), Chunks.Lengths)
        .Sample(
            (value, cut, place, put, lengths) =>
            {
                var at = (int)(place * value.Length);
                var source = value[..at] + put + value[Math.Min(at + cut, value.Length)..];
                var bytes = Encoding.UTF8.GetBytes(source);
                using var output = new PooledBuffer(16);
                var fault = Run(new JsonStreamRewriter(JsonRewriteRules.None), bytes, lengths, output);
                Assert.That(fault.IsNone, Is.EqualTo(IsJson(bytes)), source);
            },
            iter: 8000);

    private static JsonRpcFault Run(JsonStreamRewriter rewriter, byte[] bytes, int[] lengths, PooledBuffer output)
    {
        foreach (var chunk in Chunks.Cut(bytes, lengths))
            rewriter.Write(chunk.Span, output);
        return rewriter.Complete();
    }

    private static bool IsJson(byte[] bytes)
    {
        Assert.That(Utf8.IsValid(bytes));
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
