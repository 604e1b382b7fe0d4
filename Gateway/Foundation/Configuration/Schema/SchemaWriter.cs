using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cortex.Foundation.Configuration.Binding;
using Cortex.Foundation.Configuration.Binding.Formats;

namespace Cortex.Foundation.Configuration.Schema;

/// <summary>
/// Writes the JSON Schema (<see href="https://json-schema.org/draft/2020-12">draft 2020-12</see>) of the main file, for editors.
/// It follows the binder: unknown keys are refused, a key may be left empty, and a single value may be a reference.
/// </summary>
internal sealed class SchemaWriter(IReadOnlyList<ConfigurationSection> sections)
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly XmlDocumentation _documentation = XmlDocumentation.Beside(typeof(SchemaWriter));

    public string Write()
    {
        var root = new RootShape(sections).Root;
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Cortex Gateway configuration",
        };
        foreach (var (key, value) in Of(root).ToArray())
            schema[key] = value?.DeepClone();
        schema["$defs"] = new JsonObject
        {
            ["reference"] = new JsonObject
            {
                ["description"] = "A value from an environment variable or a file.",
                ["type"] = "string",
                ["pattern"] = SchemaReference.Pattern,
            },
        };
        return schema.ToJsonString(Indented) + "\n";
    }

    private JsonObject Of(OptionShape shape) => shape switch
    {
        OptionShape.Object { Shorthand: { } alone } known => new JsonObject { ["anyOf"] = new JsonArray(OfKeys(known), Of(alone.Shape)) },
        OptionShape.Object known => OfKeys(known),
        OptionShape.Map names => new JsonObject { ["type"] = OrNothing("object"), ["additionalProperties"] = Of(names.Value) },
        OptionShape.List list => new JsonObject { ["type"] = OrNothing("array"), ["items"] = Of(list.Item) },
        OptionShape.Raw => new JsonObject { ["type"] = OrNothing("object") },
        OptionShape.Scalar scalar => Of(scalar.Format),
        _ => throw new InvalidOperationException($"No schema is known for {shape.GetType().Name}."),
    };

    private JsonObject OfKeys(OptionShape.Object shape) => new()
    {
        ["type"] = OrNothing("object"),
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject(shape.Properties.Select(property => KeyValuePair.Create(property.Name, (JsonNode?)Of(property)))),
    };

    /// <summary>The value itself, a reference to it, or nothing.</summary>
    private static JsonObject Of(ScalarFormat format)
    {
        var own = format.Schema();
        if (format is TextFormat or SecretFormat)
        {
            own["type"] = OrNothing("string");
            return own;
        }

        return new JsonObject
        {
            ["anyOf"] = new JsonArray(own, new JsonObject { ["$ref"] = "#/$defs/reference" }, new JsonObject { ["type"] = "null" }),
        };
    }

    private JsonObject Of(OptionProperty property)
    {
        var schema = Of(property.Shape);
        var description = KeyDescription.Of(property, _documentation);
        if (description.Length > 0)
            schema.Insert(0, "description", description);
        return schema;
    }

    private static JsonArray OrNothing(string type) => new(type, "null");
}
