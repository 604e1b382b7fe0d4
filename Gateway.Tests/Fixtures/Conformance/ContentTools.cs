using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Cortex.Tests.Fixtures.Conformance;

/// <summary>Tools that answer at once, each with one kind of content.</summary>
internal static class ContentTools
{
    public const string SimpleText = "This is a simple text response for testing.";
    public const string ErrorText = "This tool intentionally returns an error for testing";

    /// <summary>Every keyword of JSON Schema 2020-12 that the suite looks for.</summary>
    private const string Schema202012 = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "type": "object",
          "$defs": {
            "address": {
              "$anchor": "addressDef",
              "type": "object",
              "properties": {"street": {"type": "string"}, "city": {"type": "string"}}
            }
          },
          "properties": {
            "name": {"type": "string"},
            "address": {"$ref": "#/$defs/address"},
            "contactMethod": {"type": "string", "enum": ["phone", "email"]},
            "phone": {"type": "string"},
            "email": {"type": "string"}
          },
          "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
          "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
          "then": {"required": ["phone"]},
          "else": {"required": ["email"]},
          "additionalProperties": false
        }
        """;

    public static IEnumerable<McpServerTool> All(FixtureNames names) =>
    [
        names.Tool("test_simple_text", "Answers with a text.", () => SimpleText),
        names.Tool("test_image_content", "Answers with an image.", () => FixtureMedia.ImageBlock),
        names.Tool("test_audio_content", "Answers with a sound.", () => new AudioContentBlock { Data = FixtureMedia.Audio, MimeType = "audio/wav" }),
        names.Tool("test_embedded_resource", "Answers with a resource.", () =>
            FixtureMedia.Embedded("test://embedded-resource", "This is an embedded resource content.")),
        names.Tool("test_multiple_content_types", "Answers with a text, an image and a resource.", () => new ContentBlock[]
        {
            FixtureMedia.Text("Multiple content types test:"),
            FixtureMedia.ImageBlock,
            FixtureMedia.Embedded("test://mixed-content-resource", """{"test":"data","value":123}""", "application/json"),
        }),
        names.Tool("test_error_handling", "Always fails.", () =>
            new CallToolResult { IsError = true, Content = [FixtureMedia.Text(ErrorText)] }),
        WithSchema(names),
    ];

    private static McpServerTool WithSchema(FixtureNames names)
    {
        var tool = names.Tool("json_schema_2020_12_tool", "Has an input schema with every keyword.", () => FixtureMedia.Result("The arguments were accepted."));
        tool.ProtocolTool.InputSchema = JsonSerializer.Deserialize<JsonElement>(Schema202012);
        return tool;
    }
}
