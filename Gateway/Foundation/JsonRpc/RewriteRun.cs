using System.Buffers;

namespace Cortex.Foundation.JsonRpc;

/// <summary>
/// What a chunk becomes. Bytes pass by default, in runs as long as possible: <see cref="_from"/> is where the run that is not yet
/// written starts. Inside a dropped value nothing is written.
/// </summary>
internal ref struct RewriteRun(RewriteState state, ReadOnlySpan<byte> input, IBufferWriter<byte> output)
{
    private readonly RewriteState _state = state;
    private readonly ReadOnlySpan<byte> _input = input;
    private readonly IBufferWriter<byte> _output = output;
    private int _from;

    /// <summary>Writes bytes of our own.</summary>
    public readonly void Emit(ReadOnlySpan<byte> bytes)
    {
        if (!_state.IsDropping)
            _output.Write(bytes);
    }

    /// <summary>Lets the input pass up to <paramref name="end"/>.</summary>
    public void Flush(int end)
    {
        if (end <= _from)
            return;
        Emit(_input[_from..end]);
        _from = end;
    }

    /// <summary>Lets the input pass up to <paramref name="piece"/> and keeps the piece out.</summary>
    public void Suppress(JsonPiece piece)
    {
        Flush(piece.Start);
        PassFrom(piece.End);
    }

    /// <summary>Keeps out what is not yet written before <paramref name="at"/>.</summary>
    public void PassFrom(int at) => _from = at;
}
