using System.Buffers;
using System.Text.Json;

namespace Cortex.Foundation.JsonRpc;

/// <summary>
/// Rewrites one JSON text that arrives in chunks of any size, in bounded memory: only keys and scalars that a rule watches are ever held, at
/// most 1 KiB, or what the rule of a mapped one allows. What no rule names passes byte for byte; only commas of an object that gains or loses members may change place. The grammar is
/// checked, UTF-8 is not. A fault is final; what was written before it stays written. Not thread-safe.
/// </summary>
internal sealed class JsonStreamRewriter
{
    private readonly RewriteState _state;

    /// <param name="slots">The values of this text, in the order of the rules' slots.</param>
    public JsonStreamRewriter(JsonRewriteRules rules, params ReadOnlyMemory<byte>[] slots)
        : this(rules, [], slots)
    {
    }

    /// <param name="maps">The functions of this text, in the order of the rules' maps.</param>
    /// <param name="slots">The values of this text, in the order of the rules' slots.</param>
    public JsonStreamRewriter(JsonRewriteRules rules, IReadOnlyList<JsonScalarMap> maps, params ReadOnlyMemory<byte>[] slots)
    {
        if (maps.Count < rules.MapsNeeded)
            throw new ArgumentException($"The rules call for {rules.MapsNeeded} maps (got {maps.Count}).", nameof(maps));
        if (slots.Length < rules.SlotsNeeded)
            throw new ArgumentException($"The rules call for {rules.SlotsNeeded} slot values (got {slots.Length}).", nameof(slots));
        _state = new RewriteState(rules, maps, slots);
    }

    /// <summary>What was wrong so far.</summary>
    public JsonRpcFault Fault => _state.Fault;

    /// <summary>True once the text is whole: balanced and ended. More white space may follow.</summary>
    public bool IsComplete => Fault.IsNone && _state.Scanner.IsComplete;

    /// <summary>What the text is; <see cref="JsonValueKind.Undefined"/> before its first byte.</summary>
    public JsonValueKind RootKind => _state.Scanner.RootKind;

    /// <summary>The top-level members of JSON-RPC seen so far.</summary>
    public JsonRpcMembers Seen => (JsonRpcMembers)((_state.SeenNodes >> MemberTree.JsonRpc) & 0x3F);

    /// <summary>True inside a string, where no line may break.</summary>
    internal bool IsInString => _state.Scanner.IsInString;

    /// <summary>Takes the next bytes of the text and writes what they become.</summary>
    public JsonRpcFault Write(ReadOnlySpan<byte> chunk, IBufferWriter<byte> output)
    {
        if (Fault.IsNone && !chunk.IsEmpty)
            new RewritePass(_state, chunk, output).Run();
        return Fault;
    }

    /// <summary>Ends the text; one that is not whole is <see cref="JsonRpcFaultKind.Incomplete"/>.</summary>
    public JsonRpcFault Complete()
    {
        if (Fault.IsNone && !IsComplete)
            _state.Fault = new JsonRpcFault(JsonRpcFaultKind.Incomplete, _state.Taken);
        return Fault;
    }

    /// <summary>True when the member of <paramref name="watch"/> (from Watch or Capture) was there.</summary>
    public bool Saw(int watch) => _state.HasSeen(_state.Rules.NodeOf(watch));

    /// <summary>The raw scalar of a capture; false when it was absent, a container, longer than 1 KiB or has not ended yet.</summary>
    public bool TryGetCaptured(int watch, out ReadOnlySpan<byte> raw)
    {
        raw = _state.Captures[_state.Rules.NodeOf(watch)];
        return !raw.IsEmpty;
    }

    /// <summary>Makes the rewriter ready for the next text under the same rules, maps and slots.</summary>
    public void Reset() => _state.Reset();
}
