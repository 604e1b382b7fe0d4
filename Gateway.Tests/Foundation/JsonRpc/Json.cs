using CsCheck;

namespace Cortex.Tests.Foundation.JsonRpc;

/// <summary>
/// Generators of JSON text as strangers write it: any white space, any spelling of a character, any type at any place. The names of
/// an object are distinct and never those the gateway reads.
/// </summary>
internal static class Json
{
    public static Gen<string> Space { get; } = Gen.OneOf("", "", "", " ", "\n", "\t", "\r\n", " \n  ");

    public static Gen<string> Text { get; } = Gen.OneOf(
            Gen.Char.AlphaNumeric.Select(c => c.ToString()),
            Gen.Char.AlphaNumeric.Select(c => $"\\u{(int)c:x4}"),
            Gen.OneOf("\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "\\u0000", "\\ud83d\\udE00", "\\\\\\\""),
            Gen.OneOf("é", "ключ", "鍵", "🔑", "\u2028", "/", ":", ",", "{", "}", "[", "]", " ", "'"))
        .Array[0, 8].Select(string.Concat);

    public static Gen<string> String { get; } = Text.Select(text => $"\"{text}\"");

    public static Gen<string> Scalar { get; } = Gen.OneOf(
        String,
        Gen.Int.Select(i => i.ToString()),
        Gen.OneOf("true", "false", "null", "0", "-0", "-0.0", "1e5", "1E+05", "2.50e-3", "123456789012345678901234567890", "[]", "{}", "[ ]", "{\n}"));

    public static Gen<string> Value { get; } = Deep(3);

    public static Gen<string> Object { get; } = ObjectOf(Members("x", Value));

    /// <summary>Members with distinct names that begin with <paramref name="prefix"/>.</summary>
    public static Gen<string[]> Members(string prefix, Gen<string> value) =>
        Gen.Select(Text, value).Array[0, 4].SelectMany(pairs => Gen.Select(Space, Space, Space).Array[pairs.Length].Select(spaces =>
            pairs.Select((pair, i) => $"{spaces[i].Item1}\"{prefix}{i}{pair.Item1}\"{spaces[i].Item2}:{spaces[i].Item3}{pair.Item2}").ToArray()));

    public static Gen<string> ObjectOf(Gen<string[]> members) =>
        Gen.Select(members, Space, Space, (all, before, after) => $"{{{before}{string.Join($"{after},", all)}{after}}}");

    public static Gen<string> ArrayOf(Gen<string> item) =>
        Gen.Select(item.Array[0, 4], Space, Space, (items, before, after) => $"[{before}{string.Join($"{before},{after}", items)}{after}]");

    /// <summary>An object of <paramref name="members"/>, each there or not, and strangers, in any order.</summary>
    public static Gen<string> ObjectWith(params (string Name, Gen<string> Value)[] members) => ObjectOf(
        Gen.Select(Several(members), Members("x", Value)).SelectMany((own, others) => Gen.Shuffle(own.Concat(others).ToArray())));

    /// <summary>One member, its name spelt with or without escapes.</summary>
    public static Gen<string> Member(string name, Gen<string> value) =>
        Gen.Select(Gen.Int[0, 5].Array[name.Length], Space, Space, value, (spell, before, after, text) =>
            $"\"{string.Concat(name.Select((c, i) => spell[i] == 0 ? $"\\u{(int)c:X4}" : c.ToString()))}\"{before}:{after}{text}");

    private static Gen<string[]> Several((string Name, Gen<string> Value)[] members)
    {
        var all = Gen.Const(Array.Empty<string>());
        foreach (var (name, value) in members)
            all = Gen.Select(all, Member(name, value), Gen.Int[0, 4], (some, one, take) => take == 0 ? some : [.. some, one]);
        return all;
    }

    private static Gen<string> Deep(int depth)
    {
        if (depth == 0)
            return Scalar;
        var inner = Deep(depth - 1);
        return Gen.Frequency((3, Scalar), (1, ArrayOf(inner)), (1, ObjectOf(Members("k", inner))));
    }
}
