using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Cortex.Foundation.Configuration.Binding;

namespace Cortex.Foundation.Configuration.Schema;

/// <summary>Summaries out of the XML documentation that the compiler writes beside the assembly. Without that file everything is undescribed.</summary>
internal sealed partial class XmlDocumentation
{
    private readonly Dictionary<string, string> _summaries = new(StringComparer.Ordinal);

    private XmlDocumentation()
    {
    }

    /// <summary>The documentation of the assembly that holds <paramref name="type"/>.</summary>
    public static XmlDocumentation Beside(Type type)
    {
        var documentation = new XmlDocumentation();
        var file = Path.Combine(AppContext.BaseDirectory, $"{type.Assembly.GetName().Name}.xml");
        if (!File.Exists(file))
            return documentation;
        using var reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        foreach (var member in XDocument.Load(reader).Descendants("member"))
        {
            if (member.Attribute("name")?.Value is { } name && member.Element("summary") is { } summary)
                documentation._summaries[name] = Space().Replace(Text(summary), " ").Trim();
        }

        return documentation;
    }

    public string? Of(Type type) => _summaries.GetValueOrDefault($"T:{NameOf(type)}");

    public string? Of(MemberInfo member) =>
        _summaries.GetValueOrDefault($"{(member is PropertyInfo ? 'P' : 'F')}:{NameOf(member.DeclaringType!)}.{member.Name}");

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    private static string Text(XElement element) => string.Concat(element.Nodes().Select(node => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see => see.Attribute("cref") is { } reference ? KeyOf(reference.Value) : see.IsEmpty ? see.Attribute("href")?.Value : Text(see),
        XElement { Name.LocalName: "para" } paragraph => $" {Text(paragraph)} ",
        XElement inner => Text(inner),
        _ => "",
    }));

    /// <summary>A reference to a property or enum member reads as its YAML key; one to a type as its name.</summary>
    private static string KeyOf(string reference)
    {
        var name = reference[(reference.LastIndexOf('.') + 1)..];
        return reference[0] == 'T' ? name : OptionShapes.KeyOf(name);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
