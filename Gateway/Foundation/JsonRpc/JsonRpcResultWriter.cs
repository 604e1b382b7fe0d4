using System.Buffers;

namespace Cortex.Foundation.JsonRpc;

/// <summary>Writes <c>{"jsonrpc":"2.0","id":…,"result":…}</c>.</summary>
internal static class JsonRpcResultWriter
{
    /// <summary>Writes a result response.</summary>
    /// <param name="id">The raw id of the request.</param>
    /// <param name="result">The raw result.</param>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> id, ReadOnlySpan<byte> result)
    {
        WriteStart(output, id);
        output.Write(result);
        WriteEnd(output);
    }

    /// <summary>Writes all that precedes the result, for a result that is written piece by piece.</summary>
    public static void WriteStart(IBufferWriter<byte> output, ReadOnlySpan<byte> id)
    {
        output.Write("""{"jsonrpc":"2.0","id":"""u8);
        output.Write(id);
        output.Write(""","result":"""u8);
    }

    /// <summary>Writes all that follows the result.</summary>
    public static void WriteEnd(IBufferWriter<byte> output) => output.Write("}"u8);
}
