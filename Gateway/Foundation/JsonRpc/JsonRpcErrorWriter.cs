using System.Buffers;
using System.Buffers.Text;

namespace Cortex.Foundation.JsonRpc;

/// <summary>Writes <c>{"jsonrpc":"2.0","id":…,"error":{"code":…,"message":…,"data":…}}</c>.</summary>
internal static class JsonRpcErrorWriter
{
    /// <summary>Writes an error response.</summary>
    /// <param name="id">The raw id of the request; empty for <c>null</c>.</param>
    /// <param name="message">One sentence.</param>
    /// <param name="data">The raw value of <c>data</c>; empty for none.</param>
    public static void Write(
        IBufferWriter<byte> output, ReadOnlySpan<byte> id, int code, ReadOnlySpan<char> message, ReadOnlySpan<byte> data = default)
    {
        output.Write("""{"jsonrpc":"2.0","id":"""u8);
        output.Write(id.IsEmpty ? "null"u8 : id);
        output.Write(""","error":{"code":"""u8);
        Utf8Formatter.TryFormat(code, output.GetSpan(11), out var written);
        output.Advance(written);
        output.Write(""","message":"""u8);
        JsonText.WriteString(output, message);
        if (!data.IsEmpty)
        {
            output.Write(""","data":"""u8);
            output.Write(data);
        }

        output.Write("}}"u8);
    }

    /// <summary>Writes the error response to a message that was refused.</summary>
    /// <param name="id">The raw id when one was found before the fault; empty for <c>null</c>.</param>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> id, JsonRpcFault fault) =>
        Write(output, id, fault.Code, fault.Describe());
}
