namespace Cortex.Foundation.JsonRpc;

/// <summary>What the scanner of an event stream found next.</summary>
internal enum SseTokenKind : byte
{
    /// <summary>The input is used up.</summary>
    None,

    /// <summary>A part of the field's value, at least one byte.</summary>
    Value,

    /// <summary>The line of the field ended.</summary>
    EndOfLine,

    /// <summary>A blank line.</summary>
    EndOfEvent,
}

/// <summary>One find of the scanner; <paramref name="bytes"/> lie in its input.</summary>
internal readonly ref struct SseToken(SseTokenKind kind, SseField field = default, ReadOnlySpan<byte> bytes = default)
{
    public SseTokenKind Kind { get; } = kind;

    public SseField Field { get; } = field;

    public ReadOnlySpan<byte> Bytes { get; } = bytes;
}
