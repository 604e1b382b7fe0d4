using System.Text;
using Cortex.Foundation.JsonRpc;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.JsonRpc;

/// <summary>Taking a batch apart.</summary>
internal sealed class JsonRpcBatchTests
{
    [Test]
    public void Elements_are_given_as_they_stand()
    {
        const string json = """ [ {"a":[1,{}]} , 2,"x" ,[ ] ] """;
        var bytes = Encoding.UTF8.GetBytes(json);
        var ranges = new ByteRange[4];

        var fault = JsonRpcBatch.TrySplit(bytes, Messages.MaxDepth, ranges, out var count);

        Assert.That(fault.IsNone && count == 4);
        Assert.That(ranges.Select(range => Encoding.UTF8.GetString(range.Of(bytes))), Is.EqualTo(new[] { """{"a":[1,{}]}""", "2", "\"x\"", "[ ]" }));
    }

    [TestCase("[]", JsonRpcFaultKind.NotABatch)]
    [TestCase("{}", JsonRpcFaultKind.NotABatch)]
    [TestCase("", JsonRpcFaultKind.Empty)]
    [TestCase("[1,2,3,4,5]", JsonRpcFaultKind.TooMany)]
    [TestCase("[1,2", JsonRpcFaultKind.InvalidJson)]
    [TestCase("[1,]", JsonRpcFaultKind.InvalidJson)]
    [TestCase("[1] 2", JsonRpcFaultKind.TrailingBytes)]
    [TestCase("[[[1]]]", JsonRpcFaultKind.None)]
    [TestCase("[[[[1]]]]", JsonRpcFaultKind.TooDeep)]
    public void Batch_is_split_or_refused(string json, JsonRpcFaultKind expected) =>
        Assert.That(JsonRpcBatch.TrySplit(Encoding.UTF8.GetBytes(json), 2, new ByteRange[4], out _).Kind, Is.EqualTo(expected));
}
