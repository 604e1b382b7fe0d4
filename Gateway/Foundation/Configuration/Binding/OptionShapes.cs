using System.Collections;
using System.Reflection;
using System.Text.Json;
using Cortex.Foundation.Configuration.Binding.Formats;

namespace Cortex.Foundation.Configuration.Binding;

/// <summary>Reads the shape of an options type by reflection. A type it does not know is a mistake of ours, and throws.</summary>
internal static class OptionShapes
{
    public static OptionShape Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(RawSection))
            return new OptionShape.Raw(type);
        if (ScalarFormats.Find(type) is { } format)
            return new OptionShape.Scalar(type, format);
        if (Implemented(type, typeof(IReadOnlyDictionary<,>)) is [var key, var value])
            return new OptionShape.Map(type, key, ScalarFormats.Find(key) ?? throw Unknown(key), Of(value));
        if (typeof(IEnumerable).IsAssignableFrom(type))
            return Implemented(type, typeof(IEnumerable<>)) is [var item] && type.IsAssignableFrom(item.MakeArrayType())
                ? new OptionShape.List(type, Of(item))
                : throw Unknown(type);
        if (type.IsAbstract || type.GetConstructor(Type.EmptyTypes) is null || type.Namespace?.StartsWith("Cortex", StringComparison.Ordinal) != true)
            throw Unknown(type);
        return new OptionShape.Object(type, [.. Properties(type)]);
    }

    /// <summary>The YAML form of a name in code.</summary>
    public static string KeyOf(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    private static IEnumerable<OptionProperty> Properties(Type type) =>
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where property.CanWrite && property.GetIndexParameters().Length == 0
        orderby property.MetadataToken
        select new OptionProperty(
            KeyOf(property.Name),
            property,
            Of(property.PropertyType),
            property.IsDefined(typeof(NeedsRestartAttribute)));

    private static Type[]? Implemented(Type type, Type definition) =>
        type.GetInterfaces().Append(type)
            .FirstOrDefault(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == definition)
            ?.GetGenericArguments();

    private static InvalidOperationException Unknown(Type type) => new($"Options cannot hold {type}: no YAML form is known for it.");
}
