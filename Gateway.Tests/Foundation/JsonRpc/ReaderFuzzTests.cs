using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Cortex.Foundation.JsonRpc;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.JsonRpc;

/// <summary>Random bytes and mutated corpus files: nothing throws, what is accepted is JSON, and what is made of it too.</summary>
internal sealed class ReaderFuzzTests
{
    private const int Seed = 20260728;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(1);
    private static readonly byte[] Telling = [.. "{}[]\":,\\u0123eE+-.truefalsn \t\r\n"u8, 0, 0x1F, 0x7F, 0xC0, 0xED, 0xEF, 0xF4, 0xFF];

    [Test]
    public void Random_bytes_are_read_or_refused() => Fuzz((random, _) =>
    {
        var bytes = new byte[random.Next(40)];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = Telling[random.Next(Telling.Length)];
        return bytes;
    });

    [Test]
    public void Mutated_corpus_files_are_read_or_refused() => Fuzz((random, seeds) =>
    {
        var bytes = seeds[random.Next(seeds.Length)].ToList();
        for (var i = random.Next(1, 4); i > 0 && bytes.Count > 0; i--)
            Mutate(bytes, random, seeds);
        return [.. bytes];
    });

    private static void Mutate(List<byte> bytes, Random random, byte[][] seeds)
    {
        var at = random.Next(bytes.Count);
        switch (random.Next(5))
        {
            case 0:
                bytes[at] = Telling[random.Next(Telling.Length)];
                break;
            case 1:
                bytes.RemoveRange(at, random.Next(1, Math.Min(8, bytes.Count - at) + 1));
                break;
            case 2:
                bytes.Insert(at, Telling[random.Next(Telling.Length)]);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, random.Next(1, Math.Min(30, bytes.Count - at) + 1)));
                break;
            default:
                var other = seeds[random.Next(seeds.Length)];
                var from = random.Next(other.Length + 1);
                bytes.InsertRange(at, other[from..Math.Min(from + random.Next(30), other.Length)]);
                break;
        }
    }

    private static void Fuzz(Func<Random, byte[][], byte[]> next)
    {
        byte[][] seeds = [.. Corpus.Names.Select(Corpus.Bytes).Where(bytes => bytes.Length < 2000)];
        var random = new Random(Seed);
        var ranges = new ByteRange[16];
        var accepted = 0;
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Budget;)
        {
            var bytes = next(random, seeds);
            JsonRpcBatch.TrySplit(bytes, Messages.MaxDepth, ranges, out _);
            Rewrite(bytes, random);
            if (!JsonRpcReader.TryRead(bytes, Messages.Members, Messages.MaxDepth, out var envelope).IsNone)
                continue;
            accepted++;
            using var document = JsonDocument.Parse(bytes);
            Assert.That(document.RootElement.GetProperty("jsonrpc").GetString(), Is.EqualTo("2.0"));
            if (envelope.TryGet(Messages.Name, out var name))
                Assert.That(document.RootElement.GetProperty("params").GetProperty("name").GetRawText(), Is.EqualTo(Encoding.UTF8.GetString(name.Value.Of(bytes))));
        }

        TestContext.Out.WriteLine($"{accepted} accepted");
    }
    private static void Rewrite(byte[] bytes, Random random)
    {
        using var output = new PooledBuffer();
        var rewriter = new JsonStreamRewriter(Rewriting.Rules, Rewriting.Maps, Rewriting.Slots);
        foreach (var chunk in Chunks.Cut(bytes, [random.Next(1, 50)]))
            rewriter.Write(chunk.Span, output);
        if (rewriter.Complete().IsNone && Utf8.IsValid(bytes))
            JsonDocument.Parse(output.WrittenMemory, new JsonDocumentOptions { MaxDepth = JsonNesting.MaxDepth }).Dispose();

        output.Clear();
        using var events = new SseRewriter(Rewriting.Rules, random.Next(2) == 0, Rewriting.Maps, Rewriting.Slots);
        byte[] stream = [.. "data: "u8, .. bytes, .. "\n\n"u8];
        SseRewriterTests.Run(events, stream, [random.Next(1, 50)], output, () => { });
        events.Complete(output);
        using var reader = new SseEventReader(1000);
        SseEventReaderTests.Read(reader, stream, [random.Next(1, 50)]);
    }
}
