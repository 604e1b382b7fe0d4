using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json.Nodes;
using Cortex.Foundation.JsonRpc;
using CsCheck;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.JsonRpc;

/// <summary>Event streams against the parser of the framework, in chunks of any size.</summary>
internal sealed class SsePropertyTests
{
    [Test]
    public void Rewritten_stream_carries_the_edited_documents() => Gen.Select(EventStreams.Of(Rewriting.Messages), Chunks.Lengths, Gen.Bool).Sample(
        (stream, lengths, keepIds) =>
        {
            using var output = new PooledBuffer();
            using var rewriter = new SseRewriter(Rewriting.Rules, keepIds, Rewriting.Maps, Rewriting.Slots);
            var ended = 0;
            SseRewriterTests.Run(rewriter, Encoding.UTF8.GetBytes(stream.Stream), lengths, output, () => ended++);
            Assert.That(rewriter.Complete(output), Is.EqualTo(default(JsonRpcFault)), stream.Stream);

            var before = Parse(Encoding.UTF8.GetBytes(stream.Stream));
            var after = Parse(output.WrittenSpan.ToArray());
            Assert.That(ended, Is.EqualTo(stream.Payloads.Length));
            Assert.That(after.Select(item => item.EventType), Is.EqualTo(before.Select(item => item.EventType)), stream.Stream);
            Assert.That(
                after.Zip(before).All(pair => JsonNode.DeepEquals(JsonNode.Parse(pair.First.Data), Rewriting.Edit(pair.Second.Data))), stream.Stream);
            Assert.That(after.Select(item => item.EventId), Is.EqualTo(before.Select(item => keepIds ? item.EventId : null)), stream.Stream);
        },
        iter: 2000);

    [Test]
    public void Events_are_those_of_the_framework() =>
        Gen.Select(EventStreams.Of(Gen.OneOf(Json.Value, Gen.OneOf("", "\n", "text\n", " x"))), Chunks.Lengths).Sample(
            (stream, lengths) =>
            {
                var bytes = Encoding.UTF8.GetBytes(stream.Stream);
                using var reader = new SseEventReader(100_000);
                var events = SseEventReaderTests.Read(reader, bytes, lengths);
                var parser = SseParser.Create(new MemoryStream(bytes));
                var expected = parser.Enumerate().Select(item => (item.EventType, parser.LastEventId, item.Data));
                Assert.That(events.Select(one => (one.Type.Length == 0 ? "message" : one.Type, one.Id, one.Data)), Is.EqualTo(expected), stream.Stream);
            },
            iter: 2000);

    private static List<SseItem<string>> Parse(byte[] bytes) => [.. SseParser.Create(new MemoryStream(bytes)).Enumerate()];
}
