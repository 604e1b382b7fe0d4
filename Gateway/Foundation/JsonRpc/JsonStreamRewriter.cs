using System.Buffers;
using System.Text.Json;

namespace Cortex.Foundation.JsonRpc;

/// <summary>
/// Rewrites one JSON text that arrives in chunks of any size, in bounded memory: only keys and watched scalars are ever held, at most
/// 1 KiB. What no rule names passes byte for byte. A fault is final; what was written before it stays written. Not thread-safe.
/// </summary>
internal sealed class JsonStreamRewriter
{
    /// <param name="slots">The values of this text, in the order of the rules' slots.</param>
    public JsonStreamRewriter(JsonRewriteRules rules, params ReadOnlyMemory<byte>[] slots) => throw new NotImplementedException();

    /// <summary>What was wrong so far.</summary>
    public JsonRpcFault Fault => throw new NotImplementedException();

    /// <summary>True once the text is whole: balanced and ended.</summary>
    public bool IsComplete => throw new NotImplementedException();

    /// <summary>What the text is; <see cref="JsonValueKind.Undefined"/> before its first byte.</summary>
    public JsonValueKind RootKind => throw new NotImplementedException();

    /// <summary>The top-level members of JSON-RPC seen so far.</summary>
    public JsonRpcMembers Seen => throw new NotImplementedException();

    /// <summary>Takes the next bytes of the text and writes what they become.</summary>
    public JsonRpcFault Write(ReadOnlySpan<byte> chunk, IBufferWriter<byte> output) => throw new NotImplementedException();

    /// <summary>Ends the text; a text that is not whole is <see cref="JsonRpcFaultKind.Incomplete"/>.</summary>
    public JsonRpcFault Complete() => throw new NotImplementedException();

    /// <summary>True when the member of <paramref name="watch"/> (from Watch or Capture) was there.</summary>
    public bool Saw(int watch) => throw new NotImplementedException();

    /// <summary>The raw scalar of a capture; false when it was absent, a container or longer than 1 KiB.</summary>
    public bool TryGetCaptured(int watch, out ReadOnlySpan<byte> raw) => throw new NotImplementedException();

    /// <summary>Makes the rewriter ready for the next text under the same rules and slots.</summary>
    public void Reset() => throw new NotImplementedException();
}
