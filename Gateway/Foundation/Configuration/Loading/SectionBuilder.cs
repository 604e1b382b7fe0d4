using Cortex.Foundation.Configuration.Binding;
using Cortex.Foundation.Configuration.Yaml;

namespace Cortex.Foundation.Configuration.Loading;

/// <summary>Binds and validates sections, and gives every fault its place.</summary>
internal sealed class SectionBuilder(RootShape shape, ResolvedSecrets secrets)
{
    /// <summary>Options of each section, by options type.</summary>
    /// <param name="root">What to bind.</param>
    /// <param name="sections">The sections to build.</param>
    /// <param name="errors">Receives every fault.</param>
    /// <param name="added">Names that an included file adds; null: there is none.</param>
    public Dictionary<Type, object> Build(
        ConfigurationNode.Map root, IEnumerable<SectionShape> sections, List<ConfigurationError> errors, IReadOnlySet<string>? added = null) =>
        sections.ToDictionary(section => section.Section.OptionsType, section => Build(root, section, errors, added));

    private object Build(ConfigurationNode.Map root, SectionShape built, List<ConfigurationError> errors, IReadOnlySet<string>? added)
    {
        var section = built.Section;
        var options = Bind(root, built, errors);
        var validation = new SectionValidation(added, type => Bind(root, shape.Sections.Single(other => other.Section.OptionsType == type), []), RootShape.BindInclude(root, []).Include.Count > 0);
        section.Validate(options, validation);
        var known = errors.Select(error => error.Path).ToArray();
        errors.AddRange(validation.Errors.Where(error => !Follows(error.Path, known)).Select(error => Place(root, error)));
        return options;
    }

    private static object Bind(ConfigurationNode.Map root, SectionShape section, List<ConfigurationError> errors) =>
        new OptionsBinder(errors).BindSection(root.Find(section.Section.Key)?.Value, section.Shape, section.Section.Key);

    /// <summary>True when an earlier fault at, above or right below the path explains this one.</summary>
    private static bool Follows(string path, IEnumerable<string> earlier) => earlier.Any(fault =>
        fault.Length > 0 && (YamlPath.IsAtOrBelow(path, fault) || fault[..Math.Max(0, fault.LastIndexOfAny(['.', '[']))] == path));

    private ConfigurationError Place(ConfigurationNode.Map root, SectionError error)
    {
        var location = YamlPath.Locate(root, error.Path);
        var value = location is { Found: true, Node: ConfigurationNode.Scalar { Value: not null } scalar } ? ShownValue.Of(scalar.Written) : null;
        return new ConfigurationError(location.Origin, error.Path, Blank(error.Problem), Blank(error.Mend), value);
    }

    private string Blank(string text) => ShownValue.Blank(secrets.Blank(text));
}
