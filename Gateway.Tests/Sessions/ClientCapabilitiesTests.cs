using System.Text;
using Cortex.Sessions;
using NUnit.Framework;

namespace Cortex.Tests.Sessions;

/// <summary>What is kept of a client's capabilities, and in which form.</summary>
internal sealed class ClientCapabilitiesTests
{
    [TestCase("""{}""", """{}""")]
    [TestCase("""{"roots":{"listChanged":true}}""", """{"roots":{}}""")]
    [TestCase("""{"sampling":{}}""", """{"sampling":{}}""")]
    [TestCase("""{"sampling":{"tools":{},"context":{},"other":{}}}""", """{"sampling":{"context":{},"tools":{}}}""")]
    [TestCase("""{"elicitation":{}}""", """{"elicitation":{}}""")]
    [TestCase("""{"elicitation":{"url":{},"form":{"applyDefaults":true}}}""", """{"elicitation":{"form":{},"url":{}}}""")]
    [TestCase("""{"sampling":{},"roots":{},"elicitation":{}}""", """{"elicitation":{},"roots":{},"sampling":{}}""")]
    [TestCase("""{"experimental":{"x":{}},"tasks":{"list":{}},"logging":{}}""", """{}""")]
    [TestCase("""{"extensions":{"io.modelcontextprotocol/tasks":{},"com.example/x":{}}}""", """{}""")]
    [TestCase("""{"extensions":{"io.modelcontextprotocol/ui":{"mimeTypes":["b", "a"],"a":1.0}}}""", """{"extensions":{"io.modelcontextprotocol/ui":{"a":1.0,"mimeTypes":["b","a"]}}}""")]
    [TestCase("""{"\u0072oots":{}}""", """{"roots":{}}""")]
    public void Of_keeps_what_is_relayed_in_one_form(string declared, string expected) =>
        Assert.That(Text(Of(declared)), Is.EqualTo(expected));

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("\"roots\"")]
    [TestCase("{\"roots\":")]
    [TestCase("nonsense")]
    [TestCase("""{"roots":true,"sampling":[],"elicitation":null,"extensions":[]}""")]
    [TestCase("""{"extensions":{"io.modelcontextprotocol/ui":true}}""")]
    public void Malformed_declaration_is_dropped(string declared) => Assert.That(Of(declared), Is.EqualTo(ClientCapabilities.None));

    [Test]
    public void Malformed_member_leaves_the_others() =>
        Assert.That(Text(Of("""{"roots":{},"elicitation":[{"roots":{}}],"sampling":{"tools":true}}""")), Is.EqualTo("""{"roots":{},"sampling":{}}"""));

    [TestCase("""{"elicitation":{"video":{}}}""")]
    [TestCase("""{"elicitation":{"url":true}}""")]
    public void Elicitation_in_unknown_modes_alone_does_not_become_elicitation_of_forms(string declared) =>
        Assert.That(Of(declared), Is.EqualTo(ClientCapabilities.None));

    [TestCase("""{}""", false)]
    [TestCase("""{"extensions":{"io.modelcontextprotocol/ui":{}}}""", false)]
    [TestCase("""{"roots":{}}""", true)]
    [TestCase("""{"sampling":{}}""", true)]
    [TestCase("""{"elicitation":{"url":{}}}""", true)]
    public void AsksBack_tells_whether_a_server_may_ask(string declared, bool expected) => Assert.That(Of(declared).AsksBack, Is.EqualTo(expected));

    [Test]
    public void Clients_that_can_do_the_same_are_equal()
    {
        var one = Of("""{ "roots": {"listChanged": true}, "sampling": {} }""");
        var other = Of("""{"sampling":{},"experimental":{},"roots":{}}""");
        Assert.That(one, Is.EqualTo(other));
        Assert.That(one.Digest, Is.EqualTo(other.Digest));
        Assert.That(one.GetHashCode(), Is.EqualTo(other.GetHashCode()));
        Assert.That(one, Is.Not.EqualTo(Of("""{"sampling":{}}""")));
        Assert.That(one.Digest, Is.Not.EqualTo(Of("""{"sampling":{}}""").Digest));
    }

    private static ClientCapabilities Of(string declared) => ClientCapabilities.Of(Encoding.UTF8.GetBytes(declared));

    private static string Text(ClientCapabilities capabilities) => Encoding.UTF8.GetString(capabilities.Json.Span);
}
