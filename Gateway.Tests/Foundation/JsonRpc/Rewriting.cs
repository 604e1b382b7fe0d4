using System.Text;
using System.Text.Json.Nodes;
using Cortex.Foundation.JsonRpc;
using CsCheck;

namespace Cortex.Tests.Foundation.JsonRpc;

/// <summary>A set of rules of all kinds, messages that they touch, and the same edits done on an object model.</summary>
internal static class Rewriting
{
    public static readonly ReadOnlyMemory<byte>[] Slots = ["\"ours\""u8.ToArray(), "42"u8.ToArray()];

    /// <summary>The first marks strings and leaves other scalars; the second wraps any scalar.</summary>
    public static readonly IReadOnlyList<JsonScalarMap> Maps =
    [
        raw => raw[0] == '"' ? (byte[])[.. "\"m:"u8, .. raw[1..]] : default,
        raw => (byte[])[.. "{\"was\":"u8, .. raw, .. "}"u8],
    ];

    public static JsonRewriteRules Rules { get; } = new JsonRewriteRulesBuilder()
        .ReplaceIfEquals(["id"], RewriteValue.Slot(0), RewriteValue.Slot(1))
        .Replace(["params", "name"], RewriteValue.Of("[\"new\"]"u8))
        .Remove(["params", "_meta", "gone"])
        .Remove(["result", "resultType"])
        .InsertFirst(["result"], RewriteValue.Of("\"resultType\":\"complete\""u8))
        .InsertFirst([], RewriteValue.Of("\"first\":1"u8))
        .Capture(["error", "code"], out _)
        .Remove(["error", "data"])
        .InsertFirst(["result", "content"], RewriteValue.Of("\"first\":1"u8))
        .Map(["result", "content", JsonRewriteRulesBuilder.Each, "uri"], 0, 1000)
        .Map(["result", "content", JsonRewriteRulesBuilder.Each, "resource", "uri"], 0, 1000)
        .Map(["result", "content", "uri"], 0, 1000)
        .Map(["result", "list", JsonRewriteRulesBuilder.Each, JsonRewriteRulesBuilder.Each], 1, 1000)
        .Map(["result", "one"], 1, 1000)
        .Build();

    private static readonly Gen<string> Block = Gen.OneOf(Json.Value, Json.ObjectWith(
        ("uri", Json.Value), ("resource", Gen.OneOf(Json.Value, Json.ObjectWith(("uri", Json.Value))))));

    public static Gen<string> Messages { get; } = Json.ObjectWith(
        ("id", Gen.OneOf(Gen.OneOf("\"ours\"", "\"our\\u0073\"", "\"theirs\""), Json.Value)),
        ("params", Gen.OneOf(Json.Value, Json.ObjectWith(
            ("name", Json.Value), ("_meta", Gen.OneOf(Json.Value, Json.ObjectWith(("gone", Json.Value))))))),
        ("result", Gen.OneOf(Json.Value, Json.ObjectWith(
            ("resultType", Json.Value),
            ("content", Gen.OneOf(Block, Json.ArrayOf(Block))),
            ("list", Gen.OneOf(Json.Value, Json.ArrayOf(Gen.OneOf(Json.Value, Json.ArrayOf(Json.Value))))),
            ("one", Json.Value)))),
        ("error", Json.ObjectWith(("code", Json.Value), ("data", Json.Value))));

    /// <summary>What the rules make of <paramref name="source"/>.</summary>
    public static JsonNode Edit(string source)
    {
        var root = JsonNode.Parse(source)!.AsObject();
        if (root["id"] is JsonValue id && id.TryGetValue(out string? text) && text == "ours")
            root["id"] = 42;
        if (root["params"] is JsonObject parameters)
        {
            if (parameters.ContainsKey("name"))
                parameters["name"] = new JsonArray("new");
            (parameters["_meta"] as JsonObject)?.Remove("gone");
        }

        if (root["result"] is JsonObject result)
        {
            result["resultType"] = "complete";
            Mark(result["content"] as JsonObject);
            foreach (var block in Elements(result["content"]).OfType<JsonObject>())
            {
                Mark(block);
                Mark(block["resource"] as JsonObject);
            }

            if (result["content"] is JsonObject content)
                content["first"] = 1;
            foreach (var list in Elements(result["list"]).OfType<JsonArray>())
            {
                for (var i = 0; i < list.Count; i++)
                    list[i] = Wrap(list[i]);
            }

            if (result.ContainsKey("one"))
                result["one"] = Wrap(result["one"]);
        }

        (root["error"] as JsonObject)?.Remove("data");
        root["first"] = 1;
        return root;
    }

    private static JsonNode?[] Elements(JsonNode? node) => node is JsonArray array ? [.. array] : [];

    private static void Mark(JsonObject? container)
    {
        if (container?["uri"] is JsonValue uri && uri.TryGetValue(out string? text))
            container["uri"] = $"m:{text}";
    }

    private static JsonNode? Wrap(JsonNode? node) => node is JsonValue value ? new JsonObject { ["was"] = value.DeepClone() } : node?.DeepClone();

    public static bool Same(ReadOnlySpan<byte> actual, JsonNode? expected) =>
        JsonNode.DeepEquals(JsonNode.Parse(Encoding.UTF8.GetString(actual)), expected);
}
