using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Clients;

/// <summary>A stdio client that reaches the gateway through <c>mcp-remote</c>, sign-in included.</summary>
internal sealed class McpRemoteTests
{
    [TestCase("legacy")]
    [TestCase("auto")]
    public async Task Stdio_client_comes_from_401_to_a_result(string mode)
    {
        await using var backend = await NotesCapture.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(NotesCapture.Yaml(backend));

        var sight = await NodeClient.RunAsync(
            NodeClient.Remote,
            "--url", $"{gateway.Url}/mcp", "--mode", mode, "--tool", NotesCapture.SaveTool, "--args", NotesCapture.Note);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(sight.Error, Is.Null, sight.Json.GetRawText());
            Assert.That(sight.Tools, Is.SupersetOf([NotesCapture.ListTool, NotesCapture.SaveTool]));
            Assert.That(sight.ResultText, Does.Contain("note-1"));
        }

        MintedToken.AssertArrivedWithHeaders(backend.Calls("save_note").Single(), gateway.Url, backend.Url, NotesCapture.Write, callersToken: null);
    }

    [Test]
    public async Task Person_who_unticks_writing_gets_the_read_tools_only()
    {
        await using var backend = await NotesCapture.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(NotesCapture.Yaml(backend));

        var sight = await NodeClient.RunAsync(NodeClient.Remote, "--url", $"{gateway.Url}/mcp", "--scopes", NotesCapture.Read);

        Assert.That(sight.Error, Is.Null, sight.Json.GetRawText());
        Assert.That(sight.Tools, Does.Contain(NotesCapture.ListTool).And.Not.Contains(NotesCapture.SaveTool));
    }
}
