using System.Text.Json;
using Cortex.Foundation.JsonRpc;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.JsonRpc;

/// <summary>Each file of the corpus gets the answer that its name tells.</summary>
internal sealed class CorpusTests
{
    [TestCaseSource(typeof(Corpus), nameof(Corpus.Names))]
    public void File_is_read_or_refused_as_its_name_says(string name)
    {
        var fault = JsonRpcReader.TryRead(Corpus.Bytes(name), Messages.Members, Messages.MaxDepth, out _);

        Assert.That(fault.Kind, Is.EqualTo(Corpus.Expected(name)));
    }

    [TestCaseSource(typeof(Corpus), nameof(Corpus.Names))]
    public void File_passes_the_rewriter_unchanged_when_it_is_json_of_distinct_keys(string name)
    {
        var bytes = Corpus.Bytes(name);
        using var output = new PooledBuffer();
        var rewriter = new JsonStreamRewriter(JsonRewriteRules.None);

        foreach (var chunk in Chunks.Cut(bytes, [7, 1, 64]))
            rewriter.Write(chunk.Span, output);

        if (rewriter.Complete().IsNone)
        {
            Assert.That(output.WrittenSpan.SequenceEqual(bytes));
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 256 });
        }
        else
        {
            Assert.That(name, Does.Not.StartWith("valid-"));
        }
    }
}
