using System.Text;
using Cortex.Catalog;
using NUnit.Framework;

namespace Cortex.Tests.Catalog;

/// <summary>Which annotations <c>x-mcp-header</c> are valid, and what a call says for them.</summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#schema-extension"/></remarks>
internal sealed class MirroredSchemaTests
{
    [TestCase("""{"properties":{"region":{"type":"string","x-mcp-header":"Region"}}}""", "region=Region")]
    [TestCase("""{"properties":{"a":{"type":"integer","x-mcp-header":"A"},"b":{"type":"boolean","x-mcp-header":"B"}}}""", "a=A b=B")]
    [TestCase("""{"properties":{"where":{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"}}}}}""", "where/region=Region")]
    [TestCase("""{"properties":{"a":{"type":["string","null"],"x-mcp-header":"A"}}}""", "a=A")]
    [TestCase("""{"properties":{"a":{"enum":["x"],"x-mcp-header":"A"}}}""", "a=A")]
    [TestCase("""{"properties":{"x-mcp-header":{"type":"string"}}}""", "")]
    [TestCase("""{"properties":{"a":{"type":"object","default":{"x-mcp-header":""}}}}""", "")]
    [TestCase("""{"properties":{"a":true},"default":{"x-mcp-header":"A"}}""", "")]
    public void Annotation_is_found(string schema, string expected)
    {
        var found = MirroredSchema.Read(Tool(schema), out var fault);
        Assert.That(fault, Is.Null);
        Assert.That(string.Join(' ', found.Select(property => $"{string.Join('/', property.Path)}={property.Header}")), Is.EqualTo(expected));
    }

    [TestCase("""{"properties":{"a":{"type":"string","x-mcp-header":""}}}""", "no header name")]
    [TestCase("""{"properties":{"a":{"type":"string","x-mcp-header":7}}}""", "no header name")]
    [TestCase("""{"properties":{"a":{"type":"string","x-mcp-header":"My Header"}}}""", "no header name")]
    [TestCase("""{"properties":{"a":{"type":"string","x-mcp-header":"A:B"}}}""", "no header name")]
    [TestCase("""{"properties":{"a":{"type":"string","x-mcp-header":"A\r\nX-Evil"}}}""", "no header name")]
    [TestCase("""{"properties":{"a":{"type":"string","x-mcp-header":"Bücher"}}}""", "no header name")]
    [TestCase("""{"properties":{"a":{"type":"string","x-mcp-header":"A"},"b":{"type":"string","x-mcp-header":"a"}}}""", "another parameter")]
    [TestCase("""{"properties":{"a":{"type":"number","x-mcp-header":"A"}}}""", "string, an integer or a boolean")]
    [TestCase("""{"properties":{"a":{"type":"object","x-mcp-header":"A"}}}""", "string, an integer or a boolean")]
    [TestCase("""{"properties":{"a":{"type":["string","number"],"x-mcp-header":"A"}}}""", "string, an integer or a boolean")]
    [TestCase("""{"properties":{"a":{"type":["null"],"x-mcp-header":"A"}}}""", "string, an integer or a boolean")]
    [TestCase("""{"x-mcp-header":"A","type":"string"}""", "do not lead to")]
    [TestCase("""{"properties":{"a":{"type":"array","items":{"type":"string","x-mcp-header":"A"}}}}""", "do not lead to")]
    [TestCase("""{"oneOf":[{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}]}""", "do not lead to")]
    [TestCase("""{"$defs":{"a":{"type":"string","x-mcp-header":"A"}}}""", "do not lead to")]
    [TestCase("""{"if":{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}}""", "do not lead to")]
    [TestCase("""{"patternProperties":{"^a":{"type":"string","x-mcp-header":"A"}}}""", "do not lead to")]
    [TestCase("""{"additionalProperties":{"type":"string","x-mcp-header":"A"}}""", "do not lead to")]
    public void Annotation_against_the_rules_is_a_fault(string schema, string expected)
    {
        Assert.That(MirroredSchema.Read(Tool(schema), out var fault), Is.Empty);
        Assert.That(fault, Does.Contain(expected));
    }

    [TestCase("", "s=- n=- b=- d=-")]
    [TestCase("{}", "s=- n=- b=- d=-")]
    [TestCase("""{"s":"x","n":42.0,"b":true,"in":{"d":"y"},"other":{"s":"z"}}""", "s=x n=42.0 b=true d=y")]
    [TestCase("""{"s":null,"n":null,"b":false,"in":null}""", "s=- n=- b=false d=-")]
    [TestCase("""{"\u0073":"\u0078\u00e9","n":-7}""", "s=xé n=-7 b=- d=-")]
    [TestCase("""{"s":["x"],"n":{"s":"x"},"in":{"d":{"d":1}}}""", "s=- n=- b=- d=-")]
    public void Values_are_read_from_the_exact_path(string arguments, string expected)
    {
        Assert.That(Parameters().TryRead(Encoding.UTF8.GetBytes(arguments), out var values));
        Assert.That(string.Join(' ', values.Select(value => $"{value.Name}={value.Text ?? "-"}")), Is.EqualTo(expected));
    }

    [TestCase("""{"s":"x","s":"y"}""")]
    [TestCase("""{"s":"x","\u0073":"y"}""")]
    [TestCase("""{"in":{"d":"x"},"in":{}}""")]
    [TestCase("""{"s":"\ud800"}""")]
    public void Value_that_two_readers_may_see_differently_is_refused(string arguments) =>
        Assert.That(Parameters().TryRead(Encoding.UTF8.GetBytes(arguments), out _), Is.False);

    private static MirroredParameters Parameters() => MirroredParameters.Of(MirroredSchema.Read(
        Tool("""
            {"properties":{"s":{"type":"string","x-mcp-header":"s"},"n":{"type":"integer","x-mcp-header":"n"},"b":{"type":"boolean","x-mcp-header":"b"},
             "in":{"type":"object","properties":{"d":{"type":"string","x-mcp-header":"d"}}}}}
            """),
        out _))!;

    private static byte[] Tool(string schema) => Encoding.UTF8.GetBytes($$"""{"name":"t","inputSchema":{{schema}} }""");
}
