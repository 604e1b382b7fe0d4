using System.Collections;
using System.Text;
using Cortex.Foundation.Configuration.Binding;

namespace Cortex.Foundation.Configuration.Schema;

/// <summary>
/// Writes every key with its default and a comment, as a file that can be run. Keys below a name that the operator chooses,
/// and items of lists, are shown as comments under an example name.
/// </summary>
internal sealed class ReferenceWriter(IReadOnlyList<ConfigurationSection> sections)
{
    private const int Width = 120;

    private readonly XmlDocumentation _documentation = XmlDocumentation.Beside(typeof(ReferenceWriter));
    private readonly StringBuilder _text = new();

    public string Write()
    {
        _text.Clear()
            .Append("# Every key of Cortex Gateway with its default. Written by 'cortex schema --reference'; do not edit.\n")
            .Append("# Durations: 500ms, 10s, 5m, 1h, 1d. Secrets and other values from outside: ${env:NAME}, ${file:/path}.\n")
            .Append("# Any key can be overridden by an environment variable: CORTEX__gateway__publicUrl=https://mcp.example.com\n");
        var root = new RootShape(sections).Root;
        foreach (var property in root.Properties)
        {
            _text.Append('\n');
            Key(property, Activator.CreateInstance(property.Property is null ? property.Shape.Type : typeof(IncludeOptions)), "", "");
        }

        return _text.ToString();
    }

    /// <param name="property">The key.</param>
    /// <param name="owner">The object that holds the default: the section itself for a root key.</param>
    /// <param name="indent">Blanks before the key.</param>
    /// <param name="comment">What turns the line into a comment, before the indentation; empty for a live one.</param>
    private void Key(OptionProperty property, object? owner, string indent, string comment)
    {
        var value = property.Property is null ? owner : property.Property.GetValue(owner);
        Comment(KeyDescription.Of(property, _documentation), indent, comment);
        switch (property.Shape)
        {
            case OptionShape.Object known:
                Line($"{property.Name}:", indent, comment);
                var nested = value ?? Activator.CreateInstance(known.Type);
                foreach (var inner in known.Properties)
                    Key(inner, nested, indent + "  ", value is null && comment.Length == 0 ? "# " : comment);
                break;
            case OptionShape.Scalar scalar:
                Line(value is null ? $"{property.Name}:" : $"{property.Name}: {scalar.Format.Write(value)}", indent, comment);
                break;
            case OptionShape.Raw:
                Line(value is null ? $"{property.Name}:" : $"{property.Name}: {{}}", indent, comment);
                break;
            case OptionShape.Map map:
                Line($"{property.Name}: {Flow(map, value)}", indent, comment);
                Example(map.Value, "<name>:", indent + "  ");
                break;
            case OptionShape.List list:
                Line($"{property.Name}: {Flow(list, value)}", indent, comment);
                Example(list.Item, "-", indent + "  ");
                break;
        }
    }

    /// <summary>The keys of one entry, as comments.</summary>
    private void Example(OptionShape shape, string entry, string indent)
    {
        if (shape is not OptionShape.Object known)
            return;
        Line(entry, indent, "# ");
        var defaults = Activator.CreateInstance(known.Type);
        foreach (var property in known.Properties)
            Key(property, defaults, indent + "  ", "# ");
    }

    private static string Flow(OptionShape shape, object? value) => (shape, value) switch
    {
        (OptionShape.List, null) => "[]",
        (OptionShape.Map, null) => "{}",
        (OptionShape.List list, IEnumerable items) => $"[{string.Join(", ", items.Cast<object>().Select(item => Flow(list.Item, item)))}]",
        (OptionShape.Map map, IEnumerable entries) => $"{{{string.Join(", ", entries.Cast<object>().Select(entry => FlowEntry(map, entry)))}}}",
        (OptionShape.Scalar scalar, { } single) => scalar.Format.Write(single),
        _ => throw new InvalidOperationException($"A default of {shape.Type} inside a list or map has no short form."),
    };

    private static string FlowEntry(OptionShape.Map map, object entry)
    {
        var type = entry.GetType();
        return $"{map.Key.Write(type.GetProperty("Key")!.GetValue(entry)!)}: {Flow(map.Value, type.GetProperty("Value")!.GetValue(entry))}";
    }

    private void Comment(string text, string indent, string comment)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && indent.Length + comment.Length + line.Length + word.Length + 3 > Width)
            {
                Line($"# {line}", indent, comment);
                line.Clear();
            }

            line.Append(line.Length == 0 ? "" : " ").Append(word);
        }

        if (line.Length > 0)
            Line($"# {line}", indent, comment);
    }

    private void Line(string text, string indent, string comment) =>
        _text.Append(comment).Append(indent).Append(text).Append('\n');
}
