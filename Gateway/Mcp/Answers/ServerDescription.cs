using System.Buffers;
using Cortex.Foundation.JsonRpc;

namespace Cortex.Mcp.Answers;

/// <summary>The members that <c>initialize</c> and <c>server/discover</c> share: what the gateway can do, and its advice.</summary>
internal static class ServerDescription
{
    /// <summary>Writes <c>"capabilities":{...},"instructions":"..."</c>. Only what the gateway can relay is advertised.</summary>
    public static void Write(IBufferWriter<byte> output, string instructions)
    {
        output.Write("\"capabilities\":{\"tools\":{\"listChanged\":true},\"prompts\":{\"listChanged\":true},"u8);
        output.Write("\"resources\":{\"subscribe\":true,\"listChanged\":true},\"completions\":{},\"logging\":{}},\"instructions\":"u8);
        JsonText.WriteString(output, instructions);
    }
}
