using System.Text.Json;

namespace Cortex.Tests.Docs.Blocks;

/// <summary>JSON: it can be read, several values one after the other too, and <c>jsonc</c> with comments.</summary>
internal sealed class JsonBlock : IBlockRule
{
    public bool Takes(DocsBlock block) => block.Language is "json" or "jsonc";

    public IEnumerable<string> Faults(DocsBlock block)
    {
        try
        {
            Read(block);
            return [];
        }
        catch (JsonException exception)
        {
            return [$"this is no JSON: {exception.Message} Write 'jsonc' where there are comments, and … only within strings."];
        }
    }

    /// <exception cref="JsonException">It is none.</exception>
    public static IReadOnlyList<JsonElement> Read(DocsBlock block)
    {
        var isLenient = block.Language == "jsonc";
        var reader = new Utf8JsonReader(
            System.Text.Encoding.UTF8.GetBytes(block.Text),
            new JsonReaderOptions { AllowMultipleValues = true, AllowTrailingCommas = isLenient, CommentHandling = isLenient ? JsonCommentHandling.Skip : JsonCommentHandling.Disallow });
        var values = new List<JsonElement>();
        while (reader.Read())
            values.Add(JsonElement.ParseValue(ref reader));
        return values;
    }
}
