using System.Collections;
using Cortex.Foundation.Configuration.Binding.Formats;
using Cortex.Foundation.Configuration.Yaml;

namespace Cortex.Foundation.Configuration.Binding;

/// <summary>
/// Binds nodes to options, strictly: an unknown key, a wrong kind or a malformed value is an error with its place.
/// A key without a value keeps its default. What is faulty keeps its default too, so that later checks can still run.
/// </summary>
internal sealed class OptionsBinder(List<ConfigurationError> errors)
{
    /// <summary>Binds one section; a section that was not written gets all its defaults.</summary>
    public object BindSection(ConfigurationNode? node, OptionShape shape, string path) =>
        (node is null ? null : Bind(node, shape, path, null)) ?? Activator.CreateInstance(shape.Type)!;

    private object? Bind(ConfigurationNode node, OptionShape shape, string path, object? current) => (shape, node) switch
    {
        (OptionShape.Scalar scalar, ConfigurationNode.Scalar { Value: { } text } value) => BindScalar(scalar, value, text, path),
        (_, ConfigurationNode.Scalar { Value: null }) => null,
        (OptionShape.Object known, ConfigurationNode.Map map) => BindObject(known, map, path, current),
        (OptionShape.Object { Shorthand: { } alone } known, ConfigurationNode.List) => BindShorthand(known, alone, node, path),
        (OptionShape.Map names, ConfigurationNode.Map map) => BindMap(names, map, path),
        (OptionShape.List list, ConfigurationNode.List items) => BindList(list, items, path),
        (OptionShape.Raw, ConfigurationNode.Map map) => BindRaw(map, path),
        _ => Mismatch(node, shape, path),
    };

    private object? BindScalar(OptionShape.Scalar shape, ConfigurationNode.Scalar node, string text, string path)
    {
        var secret = shape.Format is SecretFormat;
        if (secret && !node.FromOutside)
            return Fail(node.Origin, path, "a secret must not stand in the file", shape.Format.Mend(""));
        if (secret && text.Length == 0)
            return Fail(node.Origin, path, "the secret is empty", "Set what the reference names", ShownValue.Of(node.Written));
        if (shape.Format.TryRead(text, out var value))
            return value;
        var mend = shape.Format.Mend(node is { FromOutside: true, Origin: Origin.Place } ? "" : text);
        return Fail(node.Origin, path, $"the value is not {shape.Expected}", mend, ShownValue.Of(node.Written));
    }

    private object BindObject(OptionShape.Object shape, ConfigurationNode.Map map, string path, object? current)
    {
        var options = current ?? Activator.CreateInstance(shape.Type)!;
        foreach (var entry in map.Entries)
        {
            if (shape.Properties.FirstOrDefault(candidate => candidate.Name == entry.Key) is not { } property)
            {
                errors.Add(UnknownKey.At(entry.KeyOrigin, path, entry.Key, shape.Properties.Select(known => known.Name)));
                continue;
            }

            var nested = property.Shape is OptionShape.Object ? property.Property!.GetValue(options) : null;
            if (Bind(entry.Value, property.Shape, YamlPath.Key(path, entry.Key), nested) is { } value)
                property.Property!.SetValue(options, value);
        }

        return options;
    }

    private object BindShorthand(OptionShape.Object shape, OptionProperty alone, ConfigurationNode node, string path)
    {
        var options = Activator.CreateInstance(shape.Type)!;
        if (Bind(node, alone.Shape, path, null) is { } value)
            alone.Property!.SetValue(options, value);
        return options;
    }

    private object BindMap(OptionShape.Map shape, ConfigurationNode.Map map, string path)
    {
        var target = shape.Type is { IsAbstract: false } && shape.Type.GetConstructor(Type.EmptyTypes) is not null
            ? Activator.CreateInstance(shape.Type)!
            : Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(shape.KeyType, shape.Value.Type))!;
        foreach (var entry in map.Entries)
        {
            var below = YamlPath.Key(path, entry.Key);
            if (!shape.Key.TryRead(entry.Key, out var key))
                Fail(entry.KeyOrigin, below, $"the name is not {shape.Key.Expected}", "Rename it");
            else if (Bind(entry.Value, shape.Value, below, null) is { } value)
                ((IDictionary)target).Add(key, value);
            else if (entry.Value is ConfigurationNode.Scalar { Value: null })
                Fail(entry.KeyOrigin, below, $"the name has nothing below it where {shape.Value.Expected} is expected", "Write its value, or remove the name");
        }

        return target;
    }

    private Array BindList(OptionShape.List shape, ConfigurationNode.List list, string path)
    {
        var bound = new List<object>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            var below = YamlPath.Item(path, i);
            if (Bind(list.Items[i], shape.Item, below, null) is { } value)
                bound.Add(value);
            else if (list.Items[i] is ConfigurationNode.Scalar { Value: null })
                Fail(list.Items[i].Origin, below, "the item is empty", "Write a value, or remove the item");
        }

        var array = Array.CreateInstance(shape.Item.Type, bound.Count);
        for (var i = 0; i < bound.Count; i++)
            array.SetValue(bound[i], i);
        return array;
    }

    private RawSection BindRaw(ConfigurationNode.Map map, string path)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        Flatten(map, "", path, values);
        return new RawSection(values);
    }

    private void Flatten(ConfigurationNode node, string key, string path, Dictionary<string, string?> values)
    {
        switch (node)
        {
            case ConfigurationNode.Map map:
                foreach (var group in map.Entries.GroupBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase))
                {
                    foreach (var twin in group.Skip(1))
                        Fail(twin.KeyOrigin, YamlPath.Key(path, twin.Key), "the key is here twice, in different case", "Keep one of the two");
                    var entry = group.First();
                    Flatten(entry.Value, key.Length == 0 ? entry.Key : $"{key}:{entry.Key}", YamlPath.Key(path, entry.Key), values);
                }

                break;
            case ConfigurationNode.List list:
                for (var i = 0; i < list.Items.Count; i++)
                    Flatten(list.Items[i], $"{key}:{i}", YamlPath.Item(path, i), values);
                break;
            case ConfigurationNode.Scalar scalar:
                values[key] = scalar.Value;
                break;
        }
    }

    private object? Mismatch(ConfigurationNode node, OptionShape shape, string path)
    {
        var mend = shape switch
        {
            OptionShape.List => "Write [a, b], or one '- item' a line",
            OptionShape.Scalar scalar => scalar.Format.Mend(""),
            _ => "Write 'key: value' lines below it, indented",
        };
        return Fail(node.Origin, path, $"{node.Kind} stands where {shape.Expected} is expected", mend);
    }

    private object? Fail(Origin origin, string path, string problem, string mend, string? value = null)
    {
        errors.Add(new ConfigurationError(origin, path, problem, mend, value));
        return null;
    }
}
