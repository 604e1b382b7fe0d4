using System.Globalization;
using Cortex.Foundation.Configuration.Binding;
using Cortex.Foundation.Configuration.Binding.Formats;
using Cortex.Foundation.Configuration.Yaml;

namespace Cortex.Foundation.Configuration.Loading;

/// <summary>Lays environment overrides over what was read. A name that fits no key is an error.</summary>
internal sealed class OverrideApplier(OptionShape.Object root, ResolvedSecrets secrets, List<ConfigurationError> errors)
{
    public ConfigurationNode.Map Apply(ConfigurationNode.Map map, IEnumerable<EnvironmentOverride> overrides) =>
        overrides.Aggregate(map, (current, variable) => (ConfigurationNode.Map?)Set(current, root, variable, 0, "") ?? current);

    /// <summary>The node with the override laid over it; null when it does not fit.</summary>
    private ConfigurationNode? Set(ConfigurationNode? current, OptionShape shape, EnvironmentOverride variable, int depth, string path)
    {
        if (depth == variable.Segments.Count)
            return shape is OptionShape.Scalar or OptionShape.Raw ? Value(shape, variable) : Misfit(shape, variable, path);
        var segment = variable.Segments[depth];
        switch (shape)
        {
            case OptionShape.Object { Shorthand: { } alone } when current is ConfigurationNode.List:
                return Set(new ConfigurationNode.Map(current.Origin, [new MapEntry(alone.Name, current.Origin, current)]), shape, variable, depth, path);
            case OptionShape.Object { Shorthand: { } alone } when int.TryParse(segment, CultureInfo.InvariantCulture, out _):
                return SetKey(current, alone.Name, alone.Shape, variable, depth - 1, path);
            case OptionShape.Object known:
                if (known.Properties.FirstOrDefault(candidate => candidate.Name.Equals(segment, StringComparison.OrdinalIgnoreCase)) is { } property)
                    return SetKey(current, property.Name, property.Shape, variable, depth, path);
                errors.Add(UnknownKey.At(variable.Origin, path, segment, known.Properties.Select(candidate => candidate.Name)));
                return null;
            case OptionShape.Map names:
                return SetKey(current, ExistingOr(current, segment), names.Value, variable, depth, path);
            case OptionShape.Raw when current is ConfigurationNode.List list && int.TryParse(segment, CultureInfo.InvariantCulture, out _):
                return SetItem(list, shape, variable, depth, path);
            case OptionShape.Raw:
                return SetKey(current, ExistingOr(current, segment), shape, variable, depth, path);
            case OptionShape.List list:
                return SetItem(current, list.Item, variable, depth, path);
            default:
                return Fail(variable, path, $"the key holds {shape.Expected} and has no '{segment}' below it", "End the variable's name here");
        }
    }

    private ConfigurationNode.Map? SetKey(ConfigurationNode? current, string key, OptionShape shape, EnvironmentOverride variable, int depth, string path)
    {
        var map = current as ConfigurationNode.Map ?? new ConfigurationNode.Map(variable.Origin, []);
        return Set(map.Find(key)?.Value, shape, variable, depth + 1, YamlPath.Key(path, key)) is { } value
            ? map.With(key, variable.Origin, value)
            : null;
    }

    private ConfigurationNode.List? SetItem(ConfigurationNode? current, OptionShape shape, EnvironmentOverride variable, int depth, string path)
    {
        var items = current is ConfigurationNode.List list ? list.Items : [];
        if (!int.TryParse(variable.Segments[depth], NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index > items.Count)
        {
            Fail(variable, path, $"the list has no item '{variable.Segments[depth]}'", $"Count items from 0; the next one is {items.Count}");
            return null;
        }

        if (Set(items.ElementAtOrDefault(index), shape, variable, depth + 1, YamlPath.Item(path, index)) is not { } value)
            return null;
        return new ConfigurationNode.List(current?.Origin ?? variable.Origin, [.. items.Take(index), value, .. items.Skip(index + 1)]);
    }

    private ConfigurationNode.Scalar Value(OptionShape shape, EnvironmentOverride variable)
    {
        var secret = shape is OptionShape.Scalar { Format: SecretFormat };
        if (secret)
            secrets.Add(variable.Value);
        return new ConfigurationNode.Scalar(variable.Origin, variable.Value.Length == 0 ? null : variable.Value, secret ? "***" : variable.Value)
        {
            FromOutside = true,
        };
    }

    private ConfigurationNode? Misfit(OptionShape shape, EnvironmentOverride variable, string path) =>
        Fail(variable, path, $"the variable sets a single value where {shape.Expected} is expected", "Add __<key> or __<number> to the variable's name");

    private ConfigurationNode? Fail(EnvironmentOverride variable, string path, string problem, string mend)
    {
        errors.Add(new ConfigurationError(variable.Origin, path, problem, mend));
        return null;
    }

    private static string ExistingOr(ConfigurationNode? current, string segment) =>
        (current as ConfigurationNode.Map)?.Find(segment, StringComparison.OrdinalIgnoreCase)?.Key ?? segment;
}
