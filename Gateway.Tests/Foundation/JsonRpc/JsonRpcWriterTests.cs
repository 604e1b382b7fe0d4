using System.Text;
using Cortex.Foundation.JsonRpc;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.JsonRpc;

/// <summary>The messages that the gateway itself writes.</summary>
internal sealed class JsonRpcWriterTests
{
    [Test]
    public void Error_carries_id_code_message_and_data()
    {
        using var output = new PooledBuffer(1);

        JsonRpcErrorWriter.Write(output, "\"a\""u8, -32601, "No \"such\" method.", """{"traceId":"x"}"""u8);

        Assert.That(Text(output), Is.EqualTo("""{"jsonrpc":"2.0","id":"a","error":{"code":-32601,"message":"No \"such\" method.","data":{"traceId":"x"}}}"""));
    }

    [Test]
    public void Error_without_id_has_null()
    {
        using var output = new PooledBuffer();

        JsonRpcErrorWriter.Write(output, default, new JsonRpcFault(JsonRpcFaultKind.InvalidJson, 3));

        Assert.That(Text(output), Is.EqualTo("""{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"The message is not valid JSON (at byte 3)."}}"""));
    }

    [Test]
    public void Result_carries_id_and_raw_result()
    {
        using var output = new PooledBuffer();

        JsonRpcResultWriter.Write(output, "1"u8, "{}"u8);

        Assert.That(Text(output), Is.EqualTo("""{"jsonrpc":"2.0","id":1,"result":{}}"""));
    }

    [Test]
    public void Buffer_grows_and_can_be_used_again()
    {
        using var buffer = new PooledBuffer(1);
        for (var i = 0; i < 10_000; i++)
        {
            buffer.GetSpan(1)[0] = (byte)i;
            buffer.Advance(1);
        }

        Assert.That(buffer.WrittenSpan.Length, Is.EqualTo(10_000));
        Assert.That(buffer.WrittenMemory.Span[9_999], Is.EqualTo(unchecked((byte)9_999)));
        buffer.Clear();
        Assert.That(buffer.Length, Is.Zero);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(int.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(-1));
    }

    private static string Text(PooledBuffer output) => Encoding.UTF8.GetString(output.WrittenSpan);
}
