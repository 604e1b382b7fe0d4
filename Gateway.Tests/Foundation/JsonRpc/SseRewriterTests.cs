using System.Text;
using Cortex.Foundation.JsonRpc;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.JsonRpc;

/// <summary>Each feature of the event stream on its own.</summary>
internal sealed class SseRewriterTests
{
    private static readonly TestCaseData[] Streams =
    [
        new("data: {\"a\":1}\n\n", false, "data: {\"a\":1}\n\n"),
        new("data:{\"a\":1}\r\rdata:2\r\n\r\n", false, "data: {\"a\":1}\n\ndata: 2\n\n"),
        new("\ufeffdata:1\n\n", false, "data: 1\n\n"),
        new("event: message\nid: 7\nretry: 10\ndata: {}\n\n", false, "event: message\ndata: {}\n\n"),
        new("event: message\nid: 7\nretry: 10\ndata: {}\n\n", true, "event: message\nid: 7\nretry: 10\ndata: {}\n\n"),
        new("data: {}\nevent: x\n\n", false, "data: {}\nevent: x\n\n"),
        new("data: {\"a\":\ndata: 1,\ndata:\ndata: \"b\":2\ndata: }\n\n", false, "data: {\"a\": 1, \"b\":2 }\n\n"),
        new("data: \ndata\ndata: {}\n\n", false, "data: {}\n\n"),
        new(": ping\n\n:\n\n", false, ": ping\n: \n"),
        new("data: [1,\n: still here\ndata: 2]\n\n", false, "data: [1,\n: still here\ndata:  2]\n\n"),
        new("id: 1\ndata:\n\n", false, ""),
        new("id: 1\ndata:\n\n", true, "id: 1\ndata: \n\n"),
        new("retry: 5\n\n", true, "retry: 5\n\n"),
        new("foo: bar\nfoobarbaz\ndatax: 1\ndata: 1\n\n", false, "data: 1\n\n"),
        new("event: ping\n\n", false, ""),
        new("event\ndata: 1\n\n", false, "event: \ndata: 1\n\n"),
        new("\n\n\ndata: 1\n\n\n", false, "data: 1\n\n"),
        new("data: 1\n\ndata: 2", false, "data: 1\n\ndata: 2"),
        new(": cut off", false, ": cut off\n"),
        new("", false, ""),
    ];

    [TestCaseSource(nameof(Streams))]
    public void Stream_is_rewritten(string source, bool keepIds, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(source);
        foreach (var length in new[] { int.MaxValue, 1 })
        {
            using var output = new PooledBuffer();
            using var rewriter = new SseRewriter(JsonRewriteRules.None, keepIds);
            Run(rewriter, bytes, [length], output, () => { });
            rewriter.Complete(output);
            Assert.That(Encoding.UTF8.GetString(output.WrittenSpan), Is.EqualTo(expected));
        }
    }

    [TestCase("data: {\"a\":1\n\n", JsonRpcFaultKind.Incomplete)]
    [TestCase("data: {a}\n\n", JsonRpcFaultKind.InvalidJson)]
    [TestCase("data: \"a\ndata: b\"\n\n", JsonRpcFaultKind.InvalidJson)]
    [TestCase("data: 1\ndata: 2\n\n", JsonRpcFaultKind.TrailingBytes)]
    [TestCase("data: {\"id\":1,\"id\":2}\n\n", JsonRpcFaultKind.RepeatedKey)]
    [TestCase("data: {}\n", JsonRpcFaultKind.Incomplete)]
    [TestCase("event: x\n", JsonRpcFaultKind.None)]
    [TestCase("id: 1\ndata: \n", JsonRpcFaultKind.None)]
    public void Stream_that_breaks_off_or_carries_no_json_is_a_fault(string source, JsonRpcFaultKind expected)
    {
        using var output = new PooledBuffer();
        using var rewriter = new SseRewriter(JsonRewriteRules.None, keepIds: true);

        Run(rewriter, Encoding.UTF8.GetBytes(source), [3], output, () => { });

        Assert.That(rewriter.Complete(output).Kind, Is.EqualTo(expected));
        Assert.That(rewriter.HasOpenEvent, Is.EqualTo(expected != JsonRpcFaultKind.None));
        if (expected == JsonRpcFaultKind.None)
            Assert.That(output.Length, Is.Zero);
    }

    [Test]
    public void Field_that_is_too_long_to_hold_is_a_fault()
    {
        using var output = new PooledBuffer();
        using var rewriter = new SseRewriter(JsonRewriteRules.None, keepIds: false);

        Run(rewriter, Encoding.UTF8.GetBytes($"event: {new string('x', 10_000)}"), [1000], output, () => { });

        Assert.That(rewriter.Fault.Kind, Is.EqualTo(JsonRpcFaultKind.EventTooLong));
    }

    [Test]
    public void Each_event_is_seen_on_its_own()
    {
        var rules = new JsonRewriteRulesBuilder().Capture(["method"], out var method).Capture(["result", "isError"], out var isError).Build();
        using var output = new PooledBuffer();
        using var rewriter = new SseRewriter(rules, keepIds: false);
        var seen = new List<string>();

        Run(rewriter, """
            data: {"method":"notifications/progress","params":{}}

            data: {"id":1,"result":{"isError":false}}


            """u8.ToArray(), [int.MaxValue], output, () => seen.Add($"{rewriter.Message.Seen} {Captured(method)} {Captured(isError)}"));

        Assert.That(seen, Is.EqualTo(new[] { "Method, Params \"notifications/progress\" ", "Id, Result  false" }));

        string Captured(int watch) => rewriter.Message.TryGetCaptured(watch, out var raw) ? Encoding.UTF8.GetString(raw) : "";
    }

    internal static SseProgress Run(SseRewriter rewriter, ReadOnlyMemory<byte> bytes, int[] lengths, PooledBuffer output, Action onEvent)
    {
        foreach (var chunk in Chunks.Cut(bytes, lengths))
        {
            for (var input = chunk; !input.IsEmpty;)
            {
                var progress = rewriter.Read(input.Span, output, out var consumed);
                if (progress == SseProgress.Faulted)
                    return progress;
                if (progress == SseProgress.EventEnded)
                    onEvent();
                input = input[consumed..];
            }
        }

        return SseProgress.NeedMore;
    }
}
