using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Cortex.Governance.Integrity.Canonical;

/// <summary>
/// The canonical form of JSON (<see href="https://www.rfc-editor.org/rfc/rfc8785">RFC 8785</see>): no white space, members ordered by the UTF-16 units
/// of their names, numbers and strings as ECMAScript writes them. What two readers could take differently has none: names that occur twice, half
/// surrogate pairs, numbers beyond a double.
/// </summary>
internal static class CanonicalJson
{
    private const string HalfPair = "it holds half a surrogate pair";

    /// <summary>Writes the canonical form; false, with the reason, when there is none.</summary>
    public static bool TryWrite(ReadOnlyMemory<byte> json, out byte[] canonical, out string problem)
    {
        canonical = [];
        try
        {
            using var document = JsonDocument.Parse(json);
            return TryWrite(document.RootElement, out canonical, out problem);
        }
        catch (JsonException exception)
        {
            problem = $"it is no JSON: {exception.Message}";
            return false;
        }
    }

    /// <summary>As <see cref="TryWrite(ReadOnlyMemory{byte}, out byte[], out string)"/>, for what was read already.</summary>
    public static bool TryWrite(JsonElement json, out byte[] canonical, out string problem)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        problem = Write(json, output) ?? "";
        canonical = problem.Length == 0 ? output.WrittenSpan.ToArray() : [];
        return problem.Length == 0;
    }

    private static string? Write(JsonElement value, ArrayBufferWriter<byte> output)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                return WriteObject(value, output);
            case JsonValueKind.Array:
                return WriteArray(value, output);
            case JsonValueKind.String:
                return TryGet(value.GetString, out var text) ? WriteString(text, output) : HalfPair;
            case JsonValueKind.Number:
                return WriteNumber(value, output);
            case JsonValueKind.True:
                output.Write("true"u8);
                return null;
            case JsonValueKind.False:
                output.Write("false"u8);
                return null;
            default:
                output.Write("null"u8);
                return null;
        }
    }

    private static string? WriteObject(JsonElement value, ArrayBufferWriter<byte> output)
    {
        var members = new List<(string Name, JsonElement Value)>();
        foreach (var member in value.EnumerateObject())
        {
            if (!TryGet(() => member.Name, out var name))
                return HalfPair;
            members.Add((name, member.Value));
        }

        members.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        output.Write("{"u8);
        for (var at = 0; at < members.Count; at++)
        {
            if (at > 0)
            {
                if (members[at].Name == members[at - 1].Name)
                    return $"the member '{members[at].Name}' occurs twice";
                output.Write(","u8);
            }

            WriteString(members[at].Name, output);
            output.Write(":"u8);
            if (Write(members[at].Value, output) is { } problem)
                return problem;
        }

        output.Write("}"u8);
        return null;
    }

    private static string? WriteArray(JsonElement value, ArrayBufferWriter<byte> output)
    {
        output.Write("["u8);
        var isFirst = true;
        foreach (var item in value.EnumerateArray())
        {
            if (!isFirst)
                output.Write(","u8);
            if (Write(item, output) is { } problem)
                return problem;
            isFirst = false;
        }

        output.Write("]"u8);
        return null;
    }

    private static string? WriteNumber(JsonElement value, ArrayBufferWriter<byte> output)
    {
        if (!value.TryGetDouble(out var number) || !double.IsFinite(number))
            return $"the number {value.GetRawText()} is out of range";
        Encoding.ASCII.GetBytes(CanonicalNumber.Of(number), output);
        return null;
    }

    private static string? WriteString(string text, ArrayBufferWriter<byte> output)
    {
        output.Write("\""u8);
        var plain = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is >= ' ' and not ('"' or '\\'))
                continue;
            Encoding.UTF8.GetBytes(text.AsSpan(plain..at), output);
            Encoding.ASCII.GetBytes(Escape(text[at]), output);
            plain = at + 1;
        }

        Encoding.UTF8.GetBytes(text.AsSpan(plain), output);
        output.Write("\""u8);
        return null;
    }

    private static string Escape(char character) => character switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\f' => "\\f",
        '\r' => "\\r",
        _ => $"\\u{(int)character:x4}",
    };

    /// <summary>The reader throws at what is no whole text.</summary>
    private static bool TryGet(Func<string?> read, out string text)
    {
        try
        {
            text = read() ?? "";
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }
}
