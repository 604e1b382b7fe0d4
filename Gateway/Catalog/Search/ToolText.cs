using System.Text;
using System.Text.Json;

namespace Cortex.Catalog.Search;

/// <summary>What is indexed of a tool.</summary>
/// <param name="Name">The words of its public name.</param>
/// <param name="Title">Its title.</param>
/// <param name="Lead">The first sentence of its description.</param>
/// <param name="Description">The description.</param>
/// <param name="Parameters">The words of its parameters' names.</param>
/// <param name="ParameterTexts">Their descriptions, and the words they may take.</param>
internal sealed record ToolText(string Name, string Title, string Lead, string Description, string Parameters, string ParameterTexts)
{
    /// <summary>How deep into objects of a schema parameters are looked for.</summary>
    private const int MaxSchemaDepth = 4;

    private const int ShortestSentence = 20;

    /// <summary>Longest text that is indexed of one column: a bound on memory, not a judgement.</summary>
    private const int MaxText = 16 * 1024;

    /// <summary>Reads a tool; of one that can't be read the name counts.</summary>
    public static ToolText Of(CatalogItem tool)
    {
        try
        {
            return Read(tool);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Too deep, or a text in it is not Unicode: no reason to withhold the tools of others.
            return new ToolText(NameOf(tool), "", "", "", "", "");
        }
    }

    private static ToolText Read(CatalogItem tool)
    {
        using var document = JsonDocument.Parse(tool.Json);
        var root = document.RootElement;
        var title = Text(root, "title");
        if (title.Length == 0 && root.TryGetProperty("annotations", out var annotations))
            title = Text(annotations, "title");
        var description = Text(root, "description");
        var names = new StringBuilder();
        var texts = new StringBuilder();
        if (root.TryGetProperty("inputSchema", out var schema))
            Read(schema, names, texts, 0);
        return new ToolText(NameOf(tool), Cut(title), FirstSentence(description), Cut(description), Cut(names.ToString()), Cut(texts.ToString()));
    }

    /// <summary>The text up to the first full stop, question or exclamation mark with a space behind it, or to the first empty line; a heading of a word or two counts as a part.</summary>
    public static string FirstSentence(string text)
    {
        text = text.Trim();
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsWhiteSpace(text[i]) && i >= ShortestSentence && (text[i - 1] is '.' or '!' or '?' || (text[i] == '\n' && text[i - 1] == '\n')))
                return Cut(text[..i].TrimEnd());
        }

        return Cut(text);
    }

    /// <summary>The words of the public name, and of the backend's own where it is cut or called otherwise.</summary>
    private static string NameOf(CatalogItem tool) => SearchWords.OfName(
        tool.PublicName.EndsWith(tool.OriginalName, StringComparison.Ordinal) ? tool.PublicName : $"{tool.PublicName} {tool.OriginalName}");

    private static void Read(JsonElement schema, StringBuilder names, StringBuilder texts, int depth)
    {
        if (depth == MaxSchemaDepth || schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object)
            return;
        foreach (var property in properties.EnumerateObject())
        {
            names.Append(SearchWords.OfName(property.Name));
            if (property.Value.ValueKind != JsonValueKind.Object)
                continue;
            texts.Append(Text(property.Value, "description")).Append('\n');
            if (property.Value.TryGetProperty("enum", out var choices) && choices.ValueKind == JsonValueKind.Array)
            {
                foreach (var choice in choices.EnumerateArray().Where(choice => choice.ValueKind == JsonValueKind.String))
                    texts.Append(SearchWords.OfName(choice.GetString()!)).Append('\n');
            }

            Read(property.Value, names, texts, depth + 1);
            if (property.Value.TryGetProperty("items", out var items))
                Read(items, names, texts, depth + 1);
        }
    }

    private static string Text(JsonElement parent, string member) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static string Cut(string text) => text.Length <= MaxText ? text : text[..MaxText];
}
