using Cortex.Foundation.Configuration.Yaml;

namespace Cortex.Foundation.Configuration.Binding;

/// <summary>What the whole file looks like: one key a section, and <c>include</c>.</summary>
internal sealed class RootShape
{
    public const string BackendsKey = "backends";

    public RootShape(IReadOnlyList<ConfigurationSection> sections)
    {
        Sections = [.. sections.Select(section => new SectionShape(section, OptionShapes.Of(section.OptionsType)))];
        var include = ((OptionShape.Object)OptionShapes.Of(typeof(IncludeOptions))).Properties[0];
        Root = new OptionShape.Object(
            typeof(IncludeOptions),
            [.. Sections.Select(section => new OptionProperty(section.Section.Key, null, section.Shape, !section.Section.HotReload)), include]);
        BackendsOnly = Root with { Properties = [.. Root.Properties.Where(property => property.Name == BackendsKey)] };
    }

    public IReadOnlyList<SectionShape> Sections { get; }

    /// <summary>The main file.</summary>
    public OptionShape.Object Root { get; }

    /// <summary>An included file.</summary>
    public OptionShape.Object BackendsOnly { get; }

    /// <summary>The patterns under <c>include</c>.</summary>
    public static IncludeOptions BindInclude(ConfigurationNode.Map root, List<ConfigurationError> errors)
    {
        var only = new ConfigurationNode.Map(root.Origin, [.. root.Entries.Where(entry => entry.Key == "include")]);
        return (IncludeOptions)new OptionsBinder(errors).BindSection(only, OptionShapes.Of(typeof(IncludeOptions)), "");
    }
}

/// <summary>A section and what its options look like.</summary>
internal sealed record SectionShape(ConfigurationSection Section, OptionShape Shape);
