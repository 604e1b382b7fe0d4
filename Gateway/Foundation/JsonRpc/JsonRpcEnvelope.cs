using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Cortex.Foundation.JsonRpc;

/// <summary>
/// What one pass over a message found: ranges into its bytes, no objects. About 450 bytes: pass it by reference.
/// After a fault <see cref="Id"/> is usable for the answer whenever <see cref="IdKind"/> says String or Number; nothing else is.
/// </summary>
internal struct JsonRpcEnvelope
{
    private Found _found;

    public JsonRpcKind Kind { get; internal set; }

    public JsonRpcIdKind IdKind { get; internal set; }

    /// <summary>The raw id, a string with its quotes; empty when there is none.</summary>
    public readonly ByteRange Id => IdKind == JsonRpcIdKind.None ? default : At(MemberTree.Id).Value;

    /// <summary>The raw method with its quotes; empty on a response. Compare with <see cref="JsonText.Equals(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>.</summary>
    public readonly ByteRange Method => At(MemberTree.Method).Value;

    /// <summary>The raw params object; empty when there is none.</summary>
    public readonly ByteRange Params => At(MemberTree.Params).Value;

    /// <summary>The raw result, any JSON value; empty when there is none.</summary>
    public readonly ByteRange Result => At(MemberTree.Result).Value;

    /// <summary>The raw error object; empty when there is none.</summary>
    public readonly ByteRange Error => At(MemberTree.Error).Value;

    /// <summary>The member at position <paramref name="memberIndex"/> of the set; false when the message does not have it.</summary>
    public readonly bool TryGet(int memberIndex, out JsonMember member)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)memberIndex, (uint)MemberSet.MaxMembers);
        member = _found[MemberTree.Error + 1 + memberIndex];
        return member.Kind != JsonValueKind.Undefined;
    }

    /// <summary>True when the method is <paramref name="name"/> (unescaped UTF-8); <paramref name="message"/> is what was read.</summary>
    public readonly bool MethodIs(ReadOnlySpan<byte> message, ReadOnlySpan<byte> name) => JsonText.Equals(Method.Of(message), name);

    internal readonly JsonMember At(int topLevelNode) => _found[topLevelNode];

    internal void Keep(int node, int memberIndex, JsonMember member)
    {
        if (node <= MemberTree.Error)
            _found[node] = member;
        if (memberIndex >= 0)
            _found[MemberTree.Error + 1 + memberIndex] = member;
    }

    [InlineArray(MemberTree.Error + 1 + MemberSet.MaxMembers)]
    private struct Found
    {
        private JsonMember _first;
    }
}
