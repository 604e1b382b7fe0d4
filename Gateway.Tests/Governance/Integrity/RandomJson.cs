using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cortex.Tests.Governance.Integrity;

/// <summary>Any JSON, and the same in another order.</summary>
internal static class RandomJson
{
    private static readonly string[] Texts = ["", "a", "A", "é", "\u20ac", "\U0001F600", "\uFB33", "\u0001", "\n\t\"\\/", "required", "long " + new string('x', 50)];

    public static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true };

    public static JsonNode? Value(Random random, int depth) => random.Next(depth > 0 ? 8 : 5) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => random.NextInt64(-1L << 53, 1L << 53),
        3 => random.NextDouble() * Math.Pow(10, random.Next(-30, 30)),
        4 => Texts[random.Next(Texts.Length)],
        5 => new JsonArray([.. Enumerable.Range(0, random.Next(5)).Select(_ => Value(random, depth - 1))]),
        _ => new JsonObject(Texts.Where(_ => random.Next(3) == 0).Select(name => KeyValuePair.Create(name, Value(random, depth - 1)))),
    };

    /// <summary>The same value with the members of every object in another order.</summary>
    public static JsonNode? Shuffle(JsonNode? value, Random random)
    {
        switch (value)
        {
            case JsonArray items:
                return new JsonArray([.. items.Select(item => Shuffle(item, random))]);
            case JsonObject members:
                var pairs = members.Select(member => KeyValuePair.Create(member.Key, Shuffle(member.Value, random))).ToArray();
                random.Shuffle(pairs);
                return new JsonObject(pairs);
            default:
                return value?.DeepClone();
        }
    }
}
