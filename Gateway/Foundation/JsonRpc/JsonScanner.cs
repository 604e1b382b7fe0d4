using System.Text.Json;

namespace Cortex.Foundation.JsonRpc;

/// <summary>
/// Cuts one JSON text that arrives in chunks into pieces, checking the whole grammar of RFC 8259 but not UTF-8. Holds no bytes.
/// </summary>
internal struct JsonScanner
{
    private JsonNesting _nesting;
    private JsonStringState _string;
    private JsonNumberState _number;
    private JsonLiteralState _literal;
    private Expected _expected;
    private Token _token;

    private enum Expected : byte
    {
        Value,
        FirstElement,
        FirstKey,
        Key,
        Colon,
        CommaOrEnd,
        Nothing,
    }

    private enum Token : byte
    {
        None,
        Key,
        String,
        Number,
        Literal,
    }

    /// <summary>Containers open behind the last piece.</summary>
    public readonly int Depth => _nesting.Depth;

    /// <summary>True inside a string or key.</summary>
    public readonly bool IsInString => _token is Token.Key or Token.String;

    /// <summary>True when the text may end here.</summary>
    public readonly bool IsComplete => _token == Token.None
        ? _expected == Expected.Nothing
        : _token == Token.Number && Depth == 0 && _number.IsWhole;

    /// <summary>Type of the top-level value.</summary>
    public JsonValueKind RootKind { get; private set; }

    /// <summary>Why the last piece was a fault.</summary>
    public JsonRpcFaultKind FaultKind { get; private set; }

    /// <summary>The piece of <paramref name="input"/> at <paramref name="at"/>, which moves behind it; at a fault it stays on the bad byte.</summary>
    public JsonPiece Next(ReadOnlySpan<byte> input, ref int at)
    {
        if (at == input.Length)
            return default;
        if (_token != Token.None)
            return Continue(input, ref at, begins: false);
        if (!JsonWhitespace.Is(input[at]))
            return Begin(input, ref at);
        var start = at;
        at = JsonWhitespace.Skip(input, at);
        return new JsonPiece(JsonPieceKind.Space, start, at);
    }

    /// <summary>Goes on while more than <paramref name="depth"/> containers are open, and gives the piece it stopped at.</summary>
    public JsonPiece Skip(ReadOnlySpan<byte> input, ref int at, int depth)
    {
        JsonPiece piece;
        do
            piece = Next(input, ref at);
        while (Depth > depth && piece.Kind is not (JsonPieceKind.None or JsonPieceKind.Fault));
        return piece;
    }

    private JsonPiece Begin(ReadOnlySpan<byte> input, ref int at)
    {
        var first = input[at];
        switch (_expected)
        {
            case Expected.Value:
                return BeginValue(first, input, ref at);
            case Expected.FirstElement:
                return first == ']' ? Close(JsonPieceKind.EndArray, ref at) : BeginValue(first, input, ref at);
            case Expected.Colon when first == ':':
                return Punctuation(JsonPieceKind.Colon, Expected.Value, ref at);
            case Expected.CommaOrEnd when first == ',':
                return Punctuation(JsonPieceKind.Comma, _nesting.IsInObject ? Expected.Key : Expected.Value, ref at);
            case Expected.FirstKey or Expected.Key when first == '"':
                return BeginToken(Token.Key, ref at, input);
            case Expected.FirstKey when first == '}':
            case Expected.CommaOrEnd when first == '}' && _nesting.IsInObject:
                return Close(JsonPieceKind.EndObject, ref at);
            case Expected.CommaOrEnd when first == ']' && !_nesting.IsInObject:
                return Close(JsonPieceKind.EndArray, ref at);
            default:
                return Fault(_expected == Expected.Nothing ? JsonRpcFaultKind.TrailingBytes : JsonRpcFaultKind.InvalidJson, at);
        }
    }

    private JsonPiece BeginValue(byte first, ReadOnlySpan<byte> input, ref int at)
    {
        switch (first)
        {
            case (byte)'{':
                return Open(JsonPieceKind.StartObject, JsonValueKind.Object, Expected.FirstKey, ref at);
            case (byte)'[':
                return Open(JsonPieceKind.StartArray, JsonValueKind.Array, Expected.FirstElement, ref at);
            case (byte)'"':
                NoteRoot(JsonValueKind.String);
                return BeginToken(Token.String, ref at, input);
            case (byte)'t' or (byte)'f' or (byte)'n':
                NoteRoot(first == 't' ? JsonValueKind.True : first == 'f' ? JsonValueKind.False : JsonValueKind.Null);
                _literal = new JsonLiteralState(first);
                return BeginToken(Token.Literal, ref at, input);
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                NoteRoot(JsonValueKind.Number);
                _number = default;
                return BeginToken(Token.Number, ref at, input);
            default:
                return Fault(JsonRpcFaultKind.InvalidJson, at);
        }
    }

    private JsonPiece Open(JsonPieceKind kind, JsonValueKind value, Expected next, ref int at)
    {
        NoteRoot(value);
        if (!_nesting.TryPush(kind == JsonPieceKind.StartObject))
            return Fault(JsonRpcFaultKind.TooDeep, at);
        return Punctuation(kind, next, ref at);
    }

    private JsonPiece Close(JsonPieceKind kind, ref int at)
    {
        _nesting.Pop();
        return Punctuation(kind, AfterValue, ref at);
    }

    private JsonPiece Punctuation(JsonPieceKind kind, Expected next, ref int at)
    {
        _expected = next;
        at++;
        return new JsonPiece(kind, at - 1, at);
    }

    private JsonPiece BeginToken(Token token, ref int at, ReadOnlySpan<byte> input)
    {
        _token = token;
        _string = default;
        return Continue(input, ref at, begins: true);
    }

    private JsonPiece Continue(ReadOnlySpan<byte> input, ref int at, bool begins)
    {
        var start = at;
        var isKey = _token == Token.Key;
        if (begins && IsInString)
            at++;
        var status = _token switch
        {
            Token.Number => _number.Advance(input, ref at),
            Token.Literal => _literal.Advance(input, ref at),
            _ => _string.Advance(input, ref at),
        };
        if (status == JsonTokenStatus.Bad)
            return Fault(JsonRpcFaultKind.InvalidJson, at);
        if (status == JsonTokenStatus.Ended)
        {
            _token = Token.None;
            _expected = isKey ? Expected.Colon : AfterValue;
        }

        return new JsonPiece(isKey ? JsonPieceKind.Key : JsonPieceKind.Scalar, start, at, begins, status == JsonTokenStatus.Ended);
    }

    private readonly Expected AfterValue => Depth == 0 ? Expected.Nothing : Expected.CommaOrEnd;

    private void NoteRoot(JsonValueKind kind)
    {
        if (Depth == 0)
            RootKind = kind;
    }

    private JsonPiece Fault(JsonRpcFaultKind kind, int at)
    {
        FaultKind = kind;
        return new JsonPiece(JsonPieceKind.Fault, at, at);
    }
}
