using System.Buffers;

namespace Cortex.Foundation.JsonRpc;

/// <summary>
/// One chunk's way through a rewriter: decides for each piece at a tracked place whether it passes, goes or gives way to something else.
/// </summary>
internal ref struct RewritePass(RewriteState state, ReadOnlySpan<byte> input, IBufferWriter<byte> output)
{
    private const int MaxScalarBytes = 1024;

    private readonly RewriteState _state = state;
    private readonly ReadOnlySpan<byte> _input = input;
    private readonly JsonRewriteRules _rules = state.Rules;
    private RewriteRun _run = new(state, input, output);

    /// <summary>Takes the whole chunk, or all before the first fault.</summary>
    public void Run()
    {
        var at = 0;
        while (_state.Fault.IsNone)
        {
            var isInside = _state.Scanner.Depth > _state.Tracked;
            var piece = isInside ? _state.Scanner.Skip(_input, ref at, _state.Tracked) : _state.Scanner.Next(_input, ref at);
            if (piece.Kind == JsonPieceKind.None)
                break;
            if (piece.Kind == JsonPieceKind.Fault)
                Refuse(_state.Scanner.FaultKind, piece);
            else if (!isInside)
                Take(piece);
            else
                EndValue(at);
        }

        _run.Flush(at);
        _state.Taken += _input.Length;
    }

    private void Take(JsonPiece piece)
    {
        switch (piece.Kind)
        {
            case JsonPieceKind.StartObject or JsonPieceKind.StartArray:
                TakeStart(piece);
                break;
            case JsonPieceKind.EndObject or JsonPieceKind.EndArray:
                _state.Leave();
                EndValue(piece.End);
                break;
            case JsonPieceKind.Comma when _state.IsContainerEdited:
                _run.Suppress(piece);
                break;
            case JsonPieceKind.Key:
                TakeKey(piece);
                break;
            case JsonPieceKind.Scalar:
                TakeScalar(piece);
                break;
        }
    }

    private void TakeStart(JsonPiece piece)
    {
        if (IsRefusedRoot(piece.Kind == JsonPieceKind.StartArray ? JsonRpcFaultKind.Batch : JsonRpcFaultKind.None, piece))
            return;
        var node = _state.Member;
        BeginValue(node, piece);
        if (node == MemberTree.None)
            return;
        if (piece.Kind == JsonPieceKind.StartArray)
        {
            if (_rules.AreElementsTracked(node))
                _state.EnterArray(node);
            return;
        }

        if (!_rules.IsTracked(node))
            return;
        _state.EnterObject(node);
        if (_rules.At(node).Insertion is not { } insertion)
            return;
        _run.Flush(piece.End);
        _run.Emit(insertion.Resolve(_state.Slots));
        _state.HasMember = true;
    }

    private void TakeKey(JsonPiece piece)
    {
        if (piece is { Begins: true, Ends: true })
        {
            DecideKey(_input[piece.Start..piece.End], piece, isHeld: false);
            return;
        }

        if (piece.Begins)
            _state.Held.Clear();
        else if (_state.IsKeyPassing)
        {
            _state.IsKeyPassing = !piece.Ends;
            return;
        }

        _run.Suppress(piece);
        var part = _input[piece.Start..piece.End];
        if (!_state.Held.TryAppend(part, _rules.Tree.MaxRawName + 2))
        {
            _state.IsKeyPassing = !piece.Ends;
            _state.Member = MemberTree.None;
            EmitComma();
            _run.Emit(_state.Held.Span);
            _run.Emit(part);
        }
        else if (piece.Ends)
            DecideKey(_state.Held.Span, piece, isHeld: true);
    }

    /// <summary>A key is known: finds its rule, then writes or drops it, with the comma that was held back.</summary>
    private void DecideKey(ReadOnlySpan<byte> raw, JsonPiece piece, bool isHeld)
    {
        var content = raw[1..^1];
        var node = _rules.Tree.Find(_state.Container, content, content.Contains((byte)'\\'));
        _state.Member = node;
        if (node != MemberTree.None)
        {
            if (_state.HasSeen(node))
            {
                Refuse(JsonRpcFaultKind.RepeatedKey, piece);
                return;
            }

            _state.See(node);
            if (_rules.At(node).Action == RewriteAction.Remove)
            {
                _run.Suppress(piece);
                BeginDrop();
                return;
            }
        }

        if (_state.IsContainerEdited)
        {
            _run.Flush(isHeld ? piece.End : piece.Start);
            EmitComma();
        }

        if (isHeld)
            _run.Emit(raw);
    }

    private void TakeScalar(JsonPiece piece)
    {
        var node = _state.Member;
        if (piece.Begins)
        {
            if (IsRefusedRoot(JsonRpcFaultKind.NotAnObject, piece))
                return;
            BeginValue(node, piece);
            BeginCollecting(node);
        }

        if (_state.IsCollecting)
            Collect(node, piece);
        if (piece.Ends)
            EndValue(piece.End);
    }

    private readonly void BeginCollecting(int node)
    {
        if (node == MemberTree.None)
            return;
        ref readonly var rule = ref _rules.At(node);
        _state.IsWithholding = rule.Withholds && !_state.IsDropping;
        _state.IsCollecting = rule.IsCaptured || _state.IsWithholding;
        _state.Held.Clear();
    }

    private void Collect(int node, JsonPiece piece)
    {
        var isMapped = _state.IsWithholding && _rules.At(node).Action == RewriteAction.Map;
        var limit = isMapped ? _rules.At(node).MaxMapBytes : MaxScalarBytes;
        var part = _input[piece.Start..piece.End];
        if (_state.IsWithholding)
            _run.Suppress(piece);
        if (piece is { Begins: true, Ends: true } && part.Length <= limit)
            EndCollecting(node, part);
        else if (_state.Held.TryAppend(part, limit))
        {
            if (piece.Ends)
                EndCollecting(node, _state.Held.Span);
        }
        else if (isMapped)
            _state.Fault = new JsonRpcFault(JsonRpcFaultKind.ScalarTooLong, _state.Taken + piece.Start - _state.Held.Span.Length);
        else
            GiveUpCollecting(part);
    }

    private readonly void EndCollecting(int node, ReadOnlySpan<byte> raw)
    {
        ref readonly var rule = ref _rules.At(node);
        if (rule.IsCaptured && raw.Length <= MaxScalarBytes)
            _state.Captures[node] = raw.ToArray();
        if (_state.IsWithholding)
            _run.Emit(rule.Apply(raw, _state));
        _state.IsCollecting = _state.IsWithholding = false;
    }

    /// <summary>The scalar is too long to be of interest: what was withheld of it passes, and the rest in parts.</summary>
    private readonly void GiveUpCollecting(ReadOnlySpan<byte> part)
    {
        if (_state.IsWithholding)
        {
            _run.Emit(_state.Held.Span);
            _run.Emit(part);
        }

        _state.IsCollecting = _state.IsWithholding = false;
    }

    private void BeginValue(int node, JsonPiece piece)
    {
        if (node == MemberTree.None || _state.IsDropping || _rules.At(node).Action != RewriteAction.Replace)
            return;
        _run.Flush(piece.Start);
        _run.Emit(_rules.At(node).Value.Resolve(_state.Slots));
        BeginDrop();
    }

    private void EndValue(int end)
    {
        if (_state.DropAt != _state.Tracked)
            return;
        _state.DropAt = RewriteState.NoDrop;
        _run.PassFrom(end);
    }

    private readonly void BeginDrop()
    {
        if (!_state.IsDropping)
            _state.DropAt = _state.Tracked;
    }

    private readonly void EmitComma()
    {
        if (!_state.IsContainerEdited)
            return;
        if (_state.HasMember)
            _run.Emit(","u8);
        _state.HasMember = true;
    }

    private bool IsRefusedRoot(JsonRpcFaultKind kind, JsonPiece piece)
    {
        if (kind == JsonRpcFaultKind.None || _state.Tracked > 0 || !_rules.RequiresObject)
            return false;
        Refuse(kind, piece);
        return true;
    }

    private void Refuse(JsonRpcFaultKind kind, JsonPiece piece)
    {
        _run.Suppress(piece);
        _state.Fault = new JsonRpcFault(kind, _state.Taken + piece.Start);
    }
}
