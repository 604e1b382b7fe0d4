using System.Text.Json;

namespace Cortex.Foundation.JsonRpc;

/// <summary>The one pass over a message: walks the objects on the way to a member, skips all else, keeps ranges.</summary>
internal ref struct EnvelopePass(ReadOnlySpan<byte> utf8, MemberSet members, int maxDepth)
{
    private readonly ReadOnlySpan<byte> _utf8 = utf8;
    private Utf8JsonReader _reader = new(utf8, new JsonReaderOptions { MaxDepth = maxDepth + 1 });
    private ulong _seen;
    private JsonRpcFault _fault;

    /// <summary>How far the pass got.</summary>
    public readonly long Offset => _reader.BytesConsumed;

    /// <summary>Walks the whole message; throws <see cref="JsonException"/> on what is no JSON.</summary>
    public JsonRpcFault Run(ref JsonRpcEnvelope envelope)
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
            return Fault(_reader.TokenType == JsonTokenType.StartArray ? JsonRpcFaultKind.Batch : JsonRpcFaultKind.NotAnObject);
        if (!ReadObject(MemberTree.Root, ref envelope))
            return _fault;
        var rest = JsonWhitespace.Skip(_utf8, (int)_reader.BytesConsumed);
        return rest == _utf8.Length ? default : new JsonRpcFault(JsonRpcFaultKind.TrailingBytes, rest);
    }

    private bool ReadObject(int node, ref JsonRpcEnvelope envelope)
    {
        if (_reader.CurrentDepth >= maxDepth)
            return Refuse(JsonRpcFaultKind.TooDeep);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var child = members.Tree.Find(node, _reader.ValueSpan, _reader.ValueIsEscaped);
            if (child == MemberTree.None && members.Tree.IsLookalike(node, _reader.ValueSpan))
                return Refuse(JsonRpcFaultKind.LookalikeKey);
            if (child != MemberTree.None && !IsFirst(child))
                return RefuseRepeated(child, ref envelope);
            _reader.Read();
            if (!(child == MemberTree.None ? Skip() : ReadMember(child, ref envelope)))
                return false;
        }

        return true;
    }

    private bool ReadMember(int node, ref JsonRpcEnvelope envelope)
    {
        var start = (int)_reader.TokenStartIndex;
        var kind = KindOf(_reader.TokenType);
        var escaped = kind == JsonValueKind.String && _reader.ValueIsEscaped;
        if (escaped && !JsonText.IsWellFormed(_reader.ValueSpan))
            return Refuse(JsonRpcFaultKind.LoneSurrogate);
        if (!(kind == JsonValueKind.Object && members.Tree.HasChildren(node) ? ReadObject(node, ref envelope) : Skip()))
            return false;
        var range = new ByteRange(start, (int)_reader.BytesConsumed - start);
        envelope.Keep(node, members.MemberAt(node), new JsonMember(range, kind, escaped));
        return true;
    }

    private bool Skip()
    {
        var depth = _reader.CurrentDepth;
        if (_reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return true;
        do
        {
            if (_reader.CurrentDepth >= maxDepth && _reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                return Refuse(JsonRpcFaultKind.TooDeep);
            _reader.Read();
        }
        while (_reader.CurrentDepth > depth);
        return true;
    }

    private bool IsFirst(int node)
    {
        var bit = 1UL << node;
        var first = (_seen & bit) == 0;
        _seen |= bit;
        return first;
    }

    private bool RefuseRepeated(int node, ref JsonRpcEnvelope envelope)
    {
        if (node == MemberTree.Id)
            envelope.Keep(node, MemberTree.None, default);
        return Refuse(JsonRpcFaultKind.RepeatedKey);
    }

    private readonly JsonRpcFault Fault(JsonRpcFaultKind kind) => new(kind, _reader.TokenStartIndex);

    private bool Refuse(JsonRpcFaultKind kind)
    {
        _fault = Fault(kind);
        return false;
    }

    private static JsonValueKind KindOf(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject => JsonValueKind.Object,
        JsonTokenType.StartArray => JsonValueKind.Array,
        JsonTokenType.String => JsonValueKind.String,
        JsonTokenType.Number => JsonValueKind.Number,
        JsonTokenType.True => JsonValueKind.True,
        JsonTokenType.False => JsonValueKind.False,
        _ => JsonValueKind.Null,
    };
}
