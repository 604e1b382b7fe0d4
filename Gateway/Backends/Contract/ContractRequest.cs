using System.Buffers;
using System.Text.Json;

namespace Cortex.Backends.Contract;

/// <summary>Writes the body of a call: <c>{"method": "save_note", "params": {...}}</c>.</summary>
internal static class ContractRequest
{
    /// <summary>Writes the call of <paramref name="method"/>.</summary>
    /// <param name="output">Where the body goes.</param>
    /// <param name="method">The backend's own name of the tool, or a method of the contract.</param>
    /// <param name="parameters">A JSON object, passed on byte for byte; empty for none.</param>
    public static void Write(IBufferWriter<byte> output, string method, ReadOnlySpan<byte> parameters)
    {
        output.Write("{\"method\":\""u8);
        output.Write(JsonEncodedText.Encode(method).EncodedUtf8Bytes);
        output.Write("\",\"params\":"u8);
        output.Write(parameters.IsEmpty ? "{}"u8 : parameters);
        output.Write("}"u8);
    }
}
