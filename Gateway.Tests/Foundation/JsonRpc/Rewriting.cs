using System.Text;
using System.Text.Json.Nodes;
using Cortex.Foundation.JsonRpc;
using CsCheck;

namespace Cortex.Tests.Foundation.JsonRpc;

/// <summary>A set of rules of all kinds, messages that they touch, and the same edits done on an object model.</summary>
internal static class Rewriting
{
    public static readonly ReadOnlyMemory<byte>[] Slots = ["\"ours\""u8.ToArray(), "42"u8.ToArray()];

    public static JsonRewriteRules Rules { get; } = new JsonRewriteRulesBuilder()
        .ReplaceIfEquals(["id"], RewriteValue.Slot(0), RewriteValue.Slot(1))
        .Replace(["params", "name"], RewriteValue.Of("[\"new\"]"u8))
        .Remove(["params", "_meta", "gone"])
        .Remove(["result", "resultType"])
        .InsertFirst(["result"], RewriteValue.Of("\"resultType\":\"complete\""u8))
        .InsertFirst([], RewriteValue.Of("\"first\":1"u8))
        .Capture(["error", "code"], out _)
        .Remove(["error", "data"])
        .Build();

    public static Gen<string> Messages { get; } = Json.ObjectWith(
        ("id", Gen.OneOf(Gen.OneOf("\"ours\"", "\"our\\u0073\"", "\"theirs\""), Json.Value)),
        ("params", Gen.OneOf(Json.Value, Json.ObjectWith(
            ("name", Json.Value), ("_meta", Gen.OneOf(Json.Value, Json.ObjectWith(("gone", Json.Value))))))),
        ("result", Gen.OneOf(Json.Value, Json.ObjectWith(("resultType", Json.Value)))),
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
            result["resultType"] = "complete";
        (root["error"] as JsonObject)?.Remove("data");
        root["first"] = 1;
        return root;
    }

    public static bool Same(ReadOnlySpan<byte> actual, JsonNode? expected) =>
        JsonNode.DeepEquals(JsonNode.Parse(Encoding.UTF8.GetString(actual)), expected);
}
