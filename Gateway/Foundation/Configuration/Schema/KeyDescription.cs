using System.Text.RegularExpressions;
using Cortex.Foundation.Configuration.Binding;
using Cortex.Foundation.Configuration.Binding.Formats;

namespace Cortex.Foundation.Configuration.Schema;

/// <summary>What a key is for, in the words of the code's own documentation.</summary>
internal static partial class KeyDescription
{
    /// <summary>Summary, the allowed words with theirs, and whether a change needs a restart; empty when nothing is known.</summary>
    public static string Of(OptionProperty property, XmlDocumentation documentation)
    {
        var parts = new List<string>();
        var summary = property.Property is null ? documentation.Of(property.Shape.Type) : documentation.Of(property.Property);
        if (summary is not null)
            parts.Add(WithoutRootKey(summary));
        if (Words(property.Shape) is { } words)
            parts.Add($"One of: {string.Join(", ", Enum.GetNames(words).Select(name => Word(words, name, documentation)))}.");
        if (property.NeedsRestart)
            parts.Add("A change takes effect at the next start.");
        return string.Join(' ', parts);
    }

    /// <summary>A section's summary names its root key first, which stands right below the comment anyway.</summary>
    private static string WithoutRootKey(string summary) =>
        RootKey().Replace(summary, "") is [var first, .. var rest] ? char.ToUpperInvariant(first) + rest : summary;

    [GeneratedRegex("^The root key [A-Za-z]+:[:,.]? *")]
    private static partial Regex RootKey();

    private static Type? Words(OptionShape shape) => shape switch
    {
        OptionShape.Scalar { Format: WordFormat } scalar => scalar.Type,
        OptionShape.List list => Words(list.Item),
        _ => null,
    };

    private static string Word(Type type, string name, XmlDocumentation documentation)
    {
        var summary = documentation.Of(type.GetField(name)!);
        return summary is null
            ? OptionShapes.KeyOf(name)
            : $"{OptionShapes.KeyOf(name)} ({char.ToLowerInvariant(summary[0])}{summary[1..].TrimEnd('.')})";
    }
}
