using System.Text.Json;

namespace Cortex.Foundation.JsonRpc;

/// <summary>Takes a top-level array apart into its elements, each to be read as a message of its own.</summary>
internal static class JsonRpcBatch
{
    /// <summary>Finds the elements of the array <paramref name="utf8"/>; never throws on any bytes. An empty array is refused.</summary>
    /// <param name="maxDepth">How many containers may be open at once within an element.</param>
    /// <param name="elements">Receives the ranges; its length is the most that is accepted.</param>
    public static JsonRpcFault TrySplit(ReadOnlySpan<byte> utf8, int maxDepth, Span<ByteRange> elements, out int count)
    {
        count = 0;
        var fault = JsonRpcReader.CheckText(utf8);
        if (!fault.IsNone)
            return fault;
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = maxDepth + 2 });
        try
        {
            fault = Split(ref reader, maxDepth, elements, ref count);
        }
        catch (JsonException)
        {
            return new JsonRpcFault(JsonRpcFaultKind.InvalidJson, reader.BytesConsumed);
        }

        var rest = JsonWhitespace.Skip(utf8, (int)reader.BytesConsumed);
        return fault.IsNone && rest < utf8.Length ? new JsonRpcFault(JsonRpcFaultKind.TrailingBytes, rest) : fault;
    }

    private static JsonRpcFault Split(ref Utf8JsonReader reader, int maxDepth, Span<ByteRange> elements, ref int count)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
            return new JsonRpcFault(JsonRpcFaultKind.NotABatch, reader.TokenStartIndex);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (count == elements.Length)
                return new JsonRpcFault(JsonRpcFaultKind.TooMany, reader.TokenStartIndex);
            var start = (int)reader.TokenStartIndex;
            while (reader.CurrentDepth > 1 || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                if (reader.CurrentDepth > maxDepth && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                    return new JsonRpcFault(JsonRpcFaultKind.TooDeep, reader.TokenStartIndex);
                reader.Read();
            }

            elements[count++] = new ByteRange(start, (int)reader.BytesConsumed - start);
        }

        return count == 0 ? new JsonRpcFault(JsonRpcFaultKind.NotABatch, reader.TokenStartIndex) : default;
    }
}
