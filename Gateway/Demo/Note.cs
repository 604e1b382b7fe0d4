using System.Text.Json.Nodes;

namespace Cortex.Demo;

/// <summary>One note of one person.</summary>
internal sealed record Note(string Id, string Title, string Text, IReadOnlyList<string> Tags, DateTimeOffset SavedAt)
{
    public JsonObject ToJson() => new()
    {
        ["id"] = Id,
        ["title"] = Title,
        ["text"] = Text,
        ["tags"] = new JsonArray([.. Tags.Select(tag => JsonValue.Create(tag))]),
        ["savedAt"] = SavedAt.ToString("O"),
    };
}
