using System.Text;
using Cortex.Mcp.Forwarding;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>Which replies of contract backends are whole tool results, and which are values that only look like one.</summary>
internal sealed class ContractToolResultTests
{
    private const string Text = """{"type":"text","text":"hi"}""";

    [TestCase($$"""{"content":[{{Text}}]}""", true)]
    [TestCase($$"""{"content":[{{Text}}],"isError":true}""", true)]
    [TestCase($$$"""{"structuredContent":{"a":1},"content":[{{{Text}}}],"_meta":{"own":1}}""", true)]
    [TestCase("""{"content":[],"structuredContent":{}}""", true)]
    [TestCase("""{"content":[],"isError":false}""", true)]
    [TestCase("""{"content":[{"type":"image","data":"aGk=","mimeType":"image/png","annotations":{}}]}""", true)]
    [TestCase("""{"content":[{"type":"audio","data":"aGk=","mimeType":"audio/wav"}]}""", true)]
    [TestCase("""{"content":[{"type":"resource_link","uri":"notes://1","name":"one"}]}""", true)]
    [TestCase("""{"content":[{"type":"resource","resource":{"uri":"notes://1","text":"x"}}]}""", true)]
    [TestCase("""{"content":[{"type":"resource","resource":{"uri":"notes://1","blob":"aGk="}}]}""", true)]
    [TestCase("""{"content":[]}""", false)]
    [TestCase("""{"content":"hi"}""", false)]
    [TestCase("""{"content":["hi"]}""", false)]
    [TestCase("""{"content":[{"type":"paragraph","text":"hi"}]}""", false)]
    [TestCase("""{"content":[{"type":"text"}]}""", false)]
    [TestCase("""{"content":[{"type":"image","data":"aGk="}]}""", false)]
    [TestCase("""{"content":[{"type":"resource","resource":{"uri":"notes://1"}}]}""", false)]
    [TestCase($$"""{"id":"note-1","content":[{{Text}}]}""", false)]
    [TestCase($$"""{"content":[{{Text}}],"title":"A page"}""", false)]
    [TestCase($$"""{"content":[{{Text}}],"isError":"no"}""", false)]
    [TestCase($$"""{"content":[{{Text}}],"structuredContent":[1]}""", false)]
    [TestCase($$"""{"content":[{{Text}}],"content":[{{Text}}]}""", false)]
    [TestCase("""{"structuredContent":{"a":1}}""", false)]
    [TestCase("""{"isError":true}""", false)]
    [TestCase("{}", false)]
    [TestCase("[]", false)]
    [TestCase("3", false)]
    public void Reply_is_a_whole_tool_result(string json, bool expected) =>
        Assert.That(ContractToolResult.Is(Encoding.UTF8.GetBytes(json)), Is.EqualTo(expected));
}
