using System.Text;
using System.Text.Json;

namespace Cortex.Sessions;

/// <summary>Copies a JSON value without blanks and with the members of every object sorted; strings and numbers keep their spelling.</summary>
internal static class SortedJson
{
    /// <summary>Reads the value that <paramref name="reader"/> (over one span) stands at, to its end.</summary>
    public static byte[] Read(ref Utf8JsonReader reader)
    {
        var text = new StringBuilder();
        Append(text, ref reader);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Append(StringBuilder text, ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                AppendObject(text, ref reader);
                break;
            case JsonTokenType.StartArray:
                AppendArray(text, ref reader);
                break;
            case JsonTokenType.String:
                text.Append('"').Append(Encoding.UTF8.GetString(reader.ValueSpan)).Append('"');
                break;
            default:
                text.Append(Encoding.UTF8.GetString(reader.ValueSpan));
                break;
        }
    }

    /// <summary>Of two members with one name the last stays.</summary>
    private static void AppendObject(StringBuilder text, ref Utf8JsonReader reader)
    {
        var members = new SortedDictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Encoding.UTF8.GetString(reader.ValueSpan);
            reader.Read();
            var value = new StringBuilder();
            Append(value, ref reader);
            members[name] = value.ToString();
        }

        text.Append('{').AppendJoin(',', members.Select(member => $"\"{member.Key}\":{member.Value}")).Append('}');
    }

    private static void AppendArray(StringBuilder text, ref Utf8JsonReader reader)
    {
        text.Append('[');
        for (var isFirst = true; reader.Read() && reader.TokenType != JsonTokenType.EndArray; isFirst = false)
        {
            if (!isFirst)
                text.Append(',');
            Append(text, ref reader);
        }

        text.Append(']');
    }
}
