namespace Cortex.Foundation.JsonRpc;

/// <summary>What a piece of a streamed JSON text is.</summary>
internal enum JsonPieceKind : byte
{
    /// <summary>The input is used up.</summary>
    None,

    Space,
    StartObject,
    EndObject,
    StartArray,
    EndArray,
    Comma,
    Colon,
    Key,

    /// <summary>A string, a number, true, false or null.</summary>
    Scalar,

    /// <summary>The bytes are no JSON; the scanner says what is wrong.</summary>
    Fault,
}

/// <summary>One token, or the part of it that stands in the current chunk.</summary>
/// <param name="Start">Offset in the chunk.</param>
/// <param name="End">Offset behind it; equal to <paramref name="Start"/> when a number turns out to have ended with the last chunk.</param>
/// <param name="Begins">The token begins in this chunk.</param>
/// <param name="Ends">The token ends in this chunk.</param>
internal readonly record struct JsonPiece(JsonPieceKind Kind, int Start, int End, bool Begins = true, bool Ends = true);
