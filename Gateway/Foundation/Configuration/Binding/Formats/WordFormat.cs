using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Cortex.Foundation.Configuration.Binding.Formats;

/// <summary>One of a few words: an enum in camelCase.</summary>
internal sealed class WordFormat(Type type) : ScalarFormat
{
    private readonly string[] _words = [.. Enum.GetNames(type).Select(OptionShapes.KeyOf)];

    public override string Expected => "one of the allowed words";

    public override string Mend(string text) => Suggestion.For(text, _words) is { } near
        ? $"Did you mean '{near}'? Allowed: {string.Join(", ", _words)}"
        : $"Write one of: {string.Join(", ", _words)}";

    /// <summary>The words, as written.</summary>
    public IReadOnlyList<string> Words => _words;

    public override bool TryRead(string text, [NotNullWhen(true)] out object? value)
    {
        var index = Array.IndexOf(_words, text);
        value = index < 0 ? null : Enum.Parse(type, Enum.GetNames(type)[index]);
        return value is not null;
    }

    public override string Write(object value) => OptionShapes.KeyOf(value.ToString()!);

    public override JsonObject Schema() => new() { ["enum"] = new JsonArray([.. _words.Select(word => (JsonNode)word)]) };
}
