using Cortex.Foundation.JsonRpc;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.JsonRpc;

/// <summary>The pass over a message allocates nothing.</summary>
internal sealed class ReaderAllocationTests
{
    [TestCase("valid-call")]
    [TestCase("valid-escaped-keys")]
    [TestCase("valid-result")]
    [TestCase("valid-depth-64")]
    [TestCase("fault-RepeatedKey-name-escaped")]
    [TestCase("fault-WrongVersion-missing")]
    public void Thousand_passes_allocate_nothing(string name)
    {
        var bytes = Corpus.Bytes(name);
        Pass(bytes);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Pass(bytes);
        var after = GC.GetAllocatedBytesForCurrentThread();

        Assert.That(after - before, Is.Zero);
    }

    private static void Pass(byte[] bytes)
    {
        for (var i = 0; i < 1000; i++)
        {
            JsonRpcReader.TryRead(bytes, Messages.Members, Messages.MaxDepth, out var envelope);
            envelope.MethodIs(bytes, "tools/call"u8);
        }
    }
}
