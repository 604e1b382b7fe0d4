using System.Text.Json;
using System.Text.Json.Nodes;
using Cortex.Backends.Contract;
using NUnit.Framework;

namespace Cortex.Tests.Backends.Contract;

internal sealed class ContractToolTests
{
    [Test]
    public void Simplified_params_become_a_schema()
    {
        var tool = Read("""{"name":"t","scope":"mcp:x:read","params":{"q":"string","n":"number?","flags":"boolean[]","tags":"string[]?"}}""");
        Assert.That(JsonNode.DeepEquals(tool["inputSchema"], JsonNode.Parse("""
            {"type":"object","properties":{"q":{"type":"string"},"n":{"type":"number"},"flags":{"type":"array","items":{"type":"boolean"}},"tags":{"type":"array","items":{"type":"string"}}},"required":["q","flags"]}
            """)), tool.ToJsonString());
    }

    [Test]
    public void Tool_without_params_takes_none() =>
        Assert.That(Read("""{"name":"t","scope":"s"}""")["inputSchema"]!.ToJsonString(), Is.EqualTo("""{"type":"object","properties":{}}"""));

    [Test]
    public void Full_schema_and_unknown_members_pass_unchanged()
    {
        const string schema = """{"type":"object","properties":{"a":{"$ref":"#/x"}},"x-own":1}""";
        var tool = Read($$"""{"name":"t","scope":"s","inputSchema":{{schema}},"title":"T","annotations":{"readOnlyHint":true},"outputSchema":{"type":"object"},"icons":[],"x-future":[1]}""");
        Assert.That(tool["inputSchema"]!.ToJsonString(), Is.EqualTo(schema));
        Assert.That(tool["x-future"]!.ToJsonString(), Is.EqualTo("[1]"));
        Assert.That((string)tool["title"]!, Is.EqualTo("T"));
        Assert.That(tool.ContainsKey("scope"), Is.False);
    }

    [Test]
    public void Version_and_deprecation_are_told()
    {
        var tool = Read("""{"name":"t","scope":"s","description":"Old.","version":"1.2.0","deprecated":{"removedAt":"2027-01-01","replacedBy":"t2"}}""");
        Assert.That((string)tool["description"]!, Is.EqualTo("Old. (Deprecated, to be removed on 2027-01-01; use t2 instead.)"));
        Assert.That((string)tool["_meta"]!["cortex.dev/version"]!, Is.EqualTo("1.2.0"));
        Assert.That((string)tool["_meta"]!["cortex.dev/deprecated"]!["replacedBy"]!, Is.EqualTo("t2"));
    }

    [Test]
    public void Reason_of_a_deprecation_is_told() => Assert.That(
        (string)Read("""{"name":"t","scope":"s","deprecated":{"removedAt":"2027-01-01","reason":"It lost notes."}}""")["description"]!,
        Is.EqualTo("Deprecated, to be removed on 2027-01-01: It lost notes."));

    [Test]
    public void Null_is_as_good_as_nothing_where_clients_check_the_type()
    {
        var tool = Read("""{"name":"t","scope":"s","title":null,"params":{"a":"string"},"inputSchema":null,"outputSchema":null,"annotations":null,"icons":null,"version":null,"deprecated":null,"_meta":null,"x-own":null}""");
        Assert.That(tool.Select(member => member.Key), Is.EqualTo(["name", "inputSchema", "x-own"]));
        Assert.That(tool["inputSchema"]!["required"]!.ToJsonString(), Is.EqualTo("""["a"]"""));
    }

    [Test]
    public void Schema_without_a_type_is_that_of_an_object()
    {
        var tool = Read("""{"name":"t","scope":"s","inputSchema":{},"outputSchema":{"required":["a"]}}""");
        Assert.That(tool["inputSchema"]!.ToJsonString(), Is.EqualTo("""{"type":"object"}"""));
        Assert.That(tool["outputSchema"]!.ToJsonString(), Is.EqualTo("""{"type":"object","required":["a"]}"""));
    }

    [TestCase("true", ExpectedResult = "Old. (Deprecated.)")]
    [TestCase("false", ExpectedResult = "Old.")]
    public string Deprecation_without_details_is_told(string deprecated) =>
        (string)Read($$"""{"name":"t","scope":"s","description":"Old.","deprecated":{{deprecated}}}""")["description"]!;

    [TestCase("""{"scope":"s"}""", "no name")]
    [TestCase("""{"name":"t","scope":"s","deprecated":"soon"}""", "neither true nor an object")]
    [TestCase("""{"name":"t"}""", "no scope")]
    [TestCase("""{"name":"t","scope":"two words"}""", "no scope")]
    [TestCase("""{"name":"t","scope":"cortex:admin"}""", "reserved")]
    [TestCase("""{"name":"list_tools","scope":"s"}""", "contract method")]
    [TestCase("""{"name":"get_prompt","scope":"s"}""", "contract method")]
    [TestCase("""{"name":"read_resource","scope":"s"}""", "contract method")]
    [TestCase("""{"name":"t","scope":"s","params":{"a":"date"}}""", "unknown type 'date'")]
    [TestCase("""{"name":"t","scope":"s","params":{"a":3}}""", "unknown type '3'")]
    [TestCase("""{"name":"t","scope":"s","params":[]}""", "params is not an object")]
    [TestCase("""{"name":"t","scope":"s","inputSchema":"x"}""", "inputSchema is not an object")]
    [TestCase("""{"name":"t","scope":"s","inputSchema":{"type":"array"}}""", "inputSchema is the schema of something that is not an object")]
    [TestCase("""{"name":"t","scope":"s","outputSchema":{"type":"string"}}""", "outputSchema is the schema of something that is not an object")]
    [TestCase("""{"name":"t","scope":"s","outputSchema":true}""", "outputSchema is not an object")]
    [TestCase("""{"name":"t","scope":"s","title":1}""", "title is not a string")]
    [TestCase("""{"name":"t","scope":"s","annotations":"read"}""", "annotations is not an object")]
    [TestCase("""{"name":"t","scope":"s","annotations":{"title":1}}""", "annotations.title is not a string")]
    [TestCase("""{"name":"t","scope":"s","annotations":{"readOnlyHint":"yes"}}""", "annotations.readOnlyHint is neither true nor false")]
    [TestCase("""{"name":"t","scope":"s","icons":{}}""", "icons is not an array")]
    [TestCase("""{"name":"t","scope":"s","icons":[{}]}""", "an icon has no src")]
    [TestCase("""[]""", "not a JSON object")]
    public void Entry_that_breaks_the_contract_is_refused_with_the_mend(string entry, string message)
    {
        using var document = JsonDocument.Parse(entry);
        var exception = Assert.Throws<FormatException>(() => ContractTool.Read(document.RootElement));
        Assert.That(exception!.Message, Does.Contain(message));
    }

    private static JsonObject Read(string entry)
    {
        using var document = JsonDocument.Parse(entry);
        return JsonNode.Parse(ContractTool.Read(document.RootElement).McpJson)!.AsObject();
    }
}
