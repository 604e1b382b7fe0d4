using System.Text.Json;
using System.Text.Json.Nodes;
using Cortex.Backends.Contract;
using NUnit.Framework;

namespace Cortex.Tests.Backends.Contract;

/// <summary>Prompts and templates as backends list them, made into what clients take.</summary>
internal sealed class ContractEntryTests
{
    [Test]
    public void Template_without_a_name_is_named_by_its_uri([Values("", ""","name":null""")] string name) =>
        Assert.That(Read($$"""{"uriTemplate":"notes://{id}"{{name}}}""", "uriTemplate").ToJsonString(), Is.EqualTo("""{"name":"notes://{id}","uriTemplate":"notes://{id}"}"""));

    [Test]
    public void Null_is_as_good_as_nothing_and_unknown_members_stay() =>
        Assert.That(
            Read("""{"name":"review","scope":null,"title":null,"description":null,"arguments":null,"x-own":null}""", "name").ToJsonString(),
            Is.EqualTo("""{"name":"review","x-own":null}"""));

    [TestCase("""{"name":"review","arguments":{}}""")]
    [TestCase("""{"name":"review","arguments":["topic"]}""")]
    [TestCase("""{"name":"review","arguments":[{"required":true}]}""")]
    public void Prompt_with_an_argument_that_has_no_name_is_refused_with_the_mend(string entry) =>
        Assert.That(() => Read(entry, "name"), Throws.TypeOf<FormatException>().With.Message.Contains("[{\"name\": \"topic\", \"required\": true}]"));

    private static JsonObject Read(string entry, string key)
    {
        using var document = JsonDocument.Parse(entry);
        return JsonNode.Parse(ContractEntry.Read(document.RootElement, key).McpJson)!.AsObject();
    }
}
