using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Cortex.Builtins;

/// <summary>How builtins read arguments and write results, and the JSON Schemas of both.</summary>
internal static class BuiltinJson
{
    /// <summary>Camel case; words of an enumeration in snake case; what a record requires is required.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    private static readonly JsonSchemaExporterOptions Exporter = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Describe };

    /// <summary>The schema of a record.</summary>
    public static JsonNode SchemaOf<T>() => Options.GetJsonSchemaAsNode(typeof(T), Exporter);

    /// <summary>Adds the member's description; "anything" is written as an object, since not every client takes <c>true</c> for a schema.</summary>
    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (schema.GetValueKind() == JsonValueKind.True)
            schema = new JsonObject();
        var description = Find(context.PropertyInfo?.AssociatedParameter?.AttributeProvider) ?? Find(context.PropertyInfo?.AttributeProvider);
        if (description is not null)
            schema.AsObject()["description"] = description;
        return schema;
    }

    private static string? Find(ICustomAttributeProvider? source) =>
        source?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false).OfType<DescriptionAttribute>().FirstOrDefault()?.Description;
}
