using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cortex.Backends.Contract;
using Cortex.Cli.BackendTest.Schema;
using Cortex.Tests.Clients;
using NUnit.Framework;

namespace Cortex.Tests.Cli.BackendTest;

/// <summary>
/// The JSON Schema of the contract: the one that <c>docs</c> shows is the one that is checked with, another library reads it alike, and it takes what the gateway takes.
/// </summary>
internal sealed partial class ContractSchemaTests
{
    private const string Tool = """{"name":"a","scope":"mcp:a:b","description":"d"}""";

    private static readonly ContractSchema Schema = ContractSchema.Load();

    private static readonly (string Definition, string Value, bool Fits)[] Values =
    [
        ("request", """{"method":"a","params":{}}""", true),
        ("request", """{"method":"a"}""", true),
        ("request", """{"method":""}""", false),
        ("request", """{"params":{}}""", false),
        ("request", """{"method":"a","params":[]}""", false),
        ("error", """{"error":"No."}""", true),
        ("error", """{"required":"mcp:a:b"}""", true),
        ("error", """{"message":"No."}""", false),
        ("list_tools.request", """{"method":"list_tools","params":{}}""", true),
        ("list_tools.request", """{"method":"list_prompts"}""", false),
        ("list_tools.reply", """{"tools":[]}""", true),
        ("list_tools.reply", $$"""{"tools":[{{Tool}}],"more":1}""", true),
        ("list_tools.reply", """{"tools":[{}]}""", false),
        ("list_tools.reply", "[]", false),
        ("tool", Tool, true),
        ("tool", """{"name":"a","scope":"mcp:a:b","description":"d","title":null,"inputSchema":null,"outputSchema":null,"annotations":null,"icons":null,"version":null,"deprecated":null,"_meta":null,"params":null}""", true),
        ("tool", """{"name":"a","scope":"mcp:a:b","description":"d","params":{"a":"string[]?","b":"number","c":"boolean?"},"x-own":[1]}""", true),
        ("tool", """{"name":"a","scope":"mcp:a:b","description":"d","inputSchema":{"type":"object","properties":{"a":{"type":["string","null"],"enum":["x"]},"b":true,"c":{"anyOf":[{"type":"integer"}]}},"required":["a"],"additionalProperties":false}}""", true),
        ("tool", """{"name":"a","scope":"mcp:a:b","description":"d","inputSchema":{"type":"object","properties":[]}}""", false),
        ("tool", """{"name":"a","scope":"mcp:a:b","description":"d","inputSchema":{"type":"object","properties":{"a":"string"}}}""", false),
        ("tool", """{"name":"a","scope":"mcp:a:b","description":"d","deprecated":{"removedAt":"2027-01-01","replacedBy":"b"},"icons":[{"src":"x","sizes":["any"],"theme":"dark"}]}""", true),
        ("tool", """{"name":"a","scope":"mcp:a:b","description":"d","icons":[{"src":"x","theme":"red"}]}""", false),
        ("tool", """{"name":"list_tools","scope":"mcp:a:b","description":"d"}""", false),
        ("tool", """{"name":"a b","scope":"mcp:a:b","description":"d"}""", false),
        ("tool", """{"name":"a","scope":"cortex:b","description":"d"}""", false),
        ("tool", """{"name":"a","scope":"a\"b","description":"d"}""", false),
        ("list_prompts.reply", """{"prompts":[{"name":"a","scope":null,"arguments":[{"name":"b","required":true}]}]}""", true),
        ("list_prompts.reply", """{"prompts":[{"name":"a","scope":"two words"}]}""", false),
        ("list_prompts.reply", """{"prompts":[{"name":"a","arguments":[{}]}]}""", false),
        ("get_prompt.request", """{"method":"get_prompt","params":{"name":"a","arguments":{"b":"c"}}}""", true),
        ("get_prompt.request", """{"method":"get_prompt","params":{}}""", false),
        ("get_prompt.reply", """{"messages":[{"role":"user","content":{"type":"text","text":"a"}}],"description":null}""", true),
        ("get_prompt.reply", """{"messages":[{"role":"user","content":"a"}]}""", false),
        ("list_resource_templates.reply", """{"resourceTemplates":[{"uriTemplate":"a://{b}"}]}""", true),
        ("list_resource_templates.reply", """{"resourceTemplates":[{"uriTemplate":"{b}"}]}""", false),
        ("read_resource.request", """{"method":"read_resource","params":{"uri":"a://b"}}""", true),
        ("read_resource.reply", """{"contents":[{"uri":"a://b","text":"c"},{"uri":"a://c","blob":"aGk="}]}""", true),
        ("read_resource.reply", """{"contents":[{"uri":"a://b"}]}""", false),
        ("get_help.reply", "\"help\"", true),
        ("get_help.reply", "3", false),
        ("whoami.reply", "{}", true),
        ("whoami.reply", "[]", false),
        ("get_snapshot.reply", """{"headline":[]}""", true),
        ("report_missing_capability.request", """{"method":"report_missing_capability","params":{"ticketId":"t","summary":"s","whatIWanted":"s","userIntent":"u","severity":"blocking"}}""", true),
        ("report_missing_capability.request", """{"method":"report_missing_capability","params":{"ticketId":"t","summary":"s","whatIWanted":"s","userIntent":"u","severity":"bad"}}""", false),
        ("report_missing_capability.reply", """{"ticketId":12,"deduplicated":false}""", true),
        ("list_tickets.reply", """{"tickets":[{"id":1}]}""", true),
        ("list_tickets.reply", """[{"ticketId":"a"}]""", true),
        ("list_tickets.reply", """[{}]""", false),
        ("list_tickets.reply", "{}", false),
        ("tool.reply", "3", true),
        ("toolResult", """{"content":[{"type":"text","text":"a"}],"isError":true}""", true),
        ("toolResult", """{"content":[{"type":"text","text":"a"}],"title":"b"}""", false),
        ("toolResult", """{"content":[{"type":"image","data":"a"}]}""", false),
    ];

    [Test]
    public void Values_fit_or_not()
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var (definition, value, fits) in Values)
                Assert.That(Schema.Check(definition, JsonElement.Parse(value)).Count == 0, Is.EqualTo(fits), $"{definition}: {value}");
        }
    }

    [Test]
    public async Task Another_library_reads_the_schema_alike()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, new JsonArray([.. Values.Select(value => new JsonObject { ["definition"] = value.Definition, ["value"] = JsonNode.Parse(value.Value) })]).ToJsonString());
            var sight = await NodeClient.RunAsync("contract.mjs", Repository.PathOf("docs", "backend-contract.schema.json"), file);
            var verdicts = sight.Json.GetProperty("fits").EnumerateArray().Select(fits => fits.GetBoolean());
            Assert.That(verdicts, Is.EqualTo(Values.Select(value => value.Fits)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public void Every_keyword_is_read()
    {
        var root = JsonNode.Parse(File.ReadAllText(Repository.PathOf("docs", "backend-contract.schema.json")))!.AsObject();
        var schemas = Subschemas(root).ToList();
        Assert.That(schemas, Has.Count.GreaterThan(150));
        foreach (var schema in schemas)
        {
            var alone = new JsonObject { ["$defs"] = root["$defs"]!.DeepClone() };
            alone["$defs"]!["alone"] = schema.DeepClone();
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(alone.ToJsonString()));
            Assert.That(() => ContractSchema.Parse(stream).Check("alone", JsonElement.Parse("{}")), Throws.Nothing, schema.ToJsonString());
        }
    }

    [Test]
    public void Keyword_that_is_not_read_is_an_error_and_no_silent_yes()
    {
        using var stream = new MemoryStream("""{"$defs":{"a":{"maxItems":1}}}"""u8.ToArray());
        Assert.That(() => ContractSchema.Parse(stream).Check("a", JsonElement.Parse("[1,2]")), Throws.InvalidOperationException.With.Message.Contains("maxItems"));
    }

    [Test]
    public void What_the_schema_takes_the_gateway_takes()
    {
        foreach (var (_, value, fits) in Values.Where(value => value.Definition == "tool"))
        {
            using var document = JsonDocument.Parse(value);
            if (fits)
                Assert.That(() => ContractTool.Read(document.RootElement), Throws.Nothing, value);
        }
    }

    [Test]
    public void Every_method_of_the_contract_has_its_schemas()
    {
        string[] methods = ["list_tools", "list_prompts", "get_prompt", "list_resource_templates", "read_resource", "get_help", "whoami", "get_snapshot", "report_missing_capability", "list_tickets"];
        Assert.That(Schema.Names, Is.SupersetOf(methods.SelectMany(method => new[] { $"{method}.request", $"{method}.reply" })));
        Assert.That(methods, Is.SupersetOf(ContractMethods.Reserved));
    }

    [Test]
    public void Examples_of_the_documentation_fit()
    {
        var page = File.ReadAllText(Repository.PathOf("docs", "backend-contract.md"));
        var tools = JsonBlock().Matches(page).Select(block => block.Groups["text"].Value).Single(block => block.Contains("\"tools\":", StringComparison.Ordinal));
        var request = Request().Match(page).Value;

        Assert.That(Schema.Check("list_tools.reply", JsonElement.Parse(tools)), Is.Empty);
        Assert.That(Schema.Check("request", JsonElement.Parse(request)), Is.Empty);
        Assert.That(page, Does.Contain("(backend-contract.schema.json)"));
        foreach (var topic in HelpTopics.All)
            Assert.That(page, Does.Contain($"| `{topic}` |"));
    }

    /// <summary>Every schema within a schema.</summary>
    private static IEnumerable<JsonObject> Subschemas(JsonNode? schema)
    {
        if (schema is not JsonObject self)
            return [];
        IEnumerable<JsonNode?> parts =
        [
            .. new[] { "$defs", "properties" }.SelectMany(name => self[name] is JsonObject named ? named.Select(member => member.Value) : []),
            .. new[] { "anyOf", "allOf" }.SelectMany(name => self[name] is JsonArray list ? list.AsEnumerable() : []),
            self["items"], self["additionalProperties"], self["not"],
        ];
        return parts.SelectMany(Subschemas).Prepend(self);
    }

    [GeneratedRegex(@"^```json\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex JsonBlock();

    [GeneratedRegex(@"^\{""method"".*$", RegexOptions.Multiline)]
    private static partial Regex Request();
}
