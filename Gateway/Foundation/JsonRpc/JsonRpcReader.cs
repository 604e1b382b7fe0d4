using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Cortex.Foundation.JsonRpc;

/// <summary>
/// Reads one JSON-RPC message in one forward pass, without objects and without allocation:
/// (1) the bytes must be UTF-8 without a byte order mark, (2) valid JSON of bounded depth, one object and nothing behind it,
/// (3) no key that the gateway reads may occur twice or in another case, (4) the members must make a JSON-RPC 2.0 message.
/// The size limit is the caller's.
/// </summary>
internal static class JsonRpcReader
{
    /// <summary>Reads <paramref name="utf8"/>, looking for <paramref name="members"/>; never throws on any bytes.</summary>
    /// <param name="maxDepth">How many containers may be open at once; up to 64 without allocation.</param>
    /// <returns>The default fault when <paramref name="envelope"/> holds a valid message.</returns>
    public static JsonRpcFault TryRead(ReadOnlySpan<byte> utf8, MemberSet members, int maxDepth, out JsonRpcEnvelope envelope)
    {
        envelope = default;
        var fault = CheckText(utf8);
        if (!fault.IsNone)
            return fault;
        var pass = new EnvelopePass(utf8, members, maxDepth);
        try
        {
            fault = pass.Run(ref envelope);
        }
        catch (JsonException)
        {
            fault = new JsonRpcFault(JsonRpcFaultKind.InvalidJson, pass.Offset);
        }

        JsonRpcRules.KeepUsableId(utf8, ref envelope);
        return fault.IsNone ? JsonRpcRules.Check(utf8, ref envelope) : fault;
    }

    /// <summary>Step 1; also tells an empty message and a batch, which need no further look.</summary>
    internal static JsonRpcFault CheckText(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith("\uFEFF"u8))
            return new JsonRpcFault(JsonRpcFaultKind.InvalidUtf8, 0);
        if (!Utf8.IsValid(utf8))
            return new JsonRpcFault(JsonRpcFaultKind.InvalidUtf8, FirstInvalid(utf8));
        return JsonWhitespace.Skip(utf8, 0) == utf8.Length ? new JsonRpcFault(JsonRpcFaultKind.Empty, 0) : default;
    }

    private static int FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        var at = 0;
        while (at < utf8.Length && Rune.DecodeFromUtf8(utf8[at..], out _, out var width) == System.Buffers.OperationStatus.Done)
            at += width;
        return at;
    }
}
