using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Clients;

/// <summary>
/// The official TypeScript clients against the real gateway: the handshake client (<c>@modelcontextprotocol/sdk</c>) and the stateless
/// one (<c>@modelcontextprotocol/client</c>), each from the first 401 to a tool result.
/// </summary>
internal sealed class TypeScriptClientTests
{
    private const string Both = NotesCapture.Read + " " + NotesCapture.Write;

    [TestCase(NodeClient.Legacy, "2025-11-25")]
    [TestCase(NodeClient.Modern, "2026-07-28")]
    public async Task Client_comes_from_401_to_a_result_and_the_backend_sees_the_minted_token(string script, string version)
    {
        await using var backend = await NotesCapture.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(NotesCapture.Yaml(backend));

        var sight = await NodeClient.RunAsync(
            script, "--url", $"{gateway.Url}/mcp", "--scopes", Both, "--tool", NotesCapture.SaveTool, "--args", NotesCapture.Note);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(sight.Error, Is.Null);
            Assert.That(sight.ProtocolVersion, Is.EqualTo(version));
            Assert.That(sight.Tools, Is.SupersetOf([NotesCapture.ListTool, NotesCapture.SaveTool]));
            Assert.That(sight.IsError, Is.False);
            Assert.That(sight.ResultText, Does.Contain("note-1"));
            Assert.That(sight.Challenges[0].Status, Is.EqualTo(401));
            Assert.That(sight.Challenges[0].Challenge, Does.Contain($"{gateway.Url}/.well-known/oauth-protected-resource"));
        }

        var asked = sight.Authorizations.Single();
        Assert.That(asked.GetProperty("resource").GetString(), Is.EqualTo($"{gateway.Url}/mcp"));
        Assert.That(asked.GetProperty("challengeMethod").GetString(), Is.EqualTo("S256"));
        MintedToken.AssertArrivedWithHeaders(
            backend.Calls("save_note").Single(), gateway.Url, backend.Url, NotesCapture.Write, sight.AccessToken);
    }

    [TestCase(NodeClient.Legacy)]
    [TestCase(NodeClient.Modern)]
    public async Task Token_for_reading_sees_the_read_tools_only(string script)
    {
        await using var backend = await NotesCapture.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(NotesCapture.Yaml(backend));

        var sight = await NodeClient.RunAsync(
            script, "--url", $"{gateway.Url}/mcp", "--scopes", NotesCapture.Read, "--tool", NotesCapture.ListTool);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(sight.Error, Is.Null);
            Assert.That(sight.Tools, Does.Contain(NotesCapture.ListTool));
            Assert.That(sight.Tools, Does.Not.Contain(NotesCapture.SaveTool));
            Assert.That(sight.IsError, Is.False);
        }
    }

    [TestCase(NodeClient.Legacy)]
    [TestCase(NodeClient.Modern)]
    public async Task Write_tool_without_its_scope_is_403_naming_the_scope_to_ask_for(string script)
    {
        await using var backend = await NotesCapture.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(NotesCapture.Yaml(backend));

        var sight = await NodeClient.RunAsync(
            script,
            "--url", $"{gateway.Url}/mcp", "--scopes", NotesCapture.Read, "--tool", NotesCapture.SaveTool, "--args", NotesCapture.Note);

        var refusal = sight.Challenges.First(seen => seen.Status == 403).Challenge;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sight.Error, Is.Not.Null);
            Assert.That(refusal, Does.Contain("insufficient_scope"));
            Assert.That(refusal, Does.Contain(NotesCapture.Write));
            Assert.That(backend.Calls("save_note"), Is.Empty);
        }
    }

    [Test]
    public async Task Client_that_asks_for_the_missing_scope_then_calls_the_tool()
    {
        await using var backend = await NotesCapture.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(NotesCapture.Yaml(backend));

        var sight = await NodeClient.RunAsync(
            NodeClient.Modern,
            "--url", $"{gateway.Url}/mcp", "--scopes", NotesCapture.Read, "--step-up", Both,
            "--tool", NotesCapture.SaveTool, "--args", NotesCapture.Note);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(sight.Error, Is.Null);
            Assert.That(sight.AskedScopes, Has.Count.EqualTo(2));
            Assert.That(sight.AskedScopes[1].Split(' '), Does.Contain(NotesCapture.Write));
            Assert.That(sight.ResultText, Does.Contain("note-1"));
            Assert.That(backend.Calls("save_note"), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task Demo_backend_validates_the_minted_token_like_a_stranger()
    {
        await using var free = await CaptureBackend.StartAsync();
        var url = free.Url;
        await free.DisposeAsync();
        await using var gateway = await GatewayHost.StartAsync($"""
            backends:
              notes:
                kind: contract
                url: {url}
                demo: true
            """);

        var sight = await NodeClient.RunAsync(
            NodeClient.Modern,
            "--url", $"{gateway.Url}/mcp", "--scopes", Both, "--tool", NotesCapture.SaveTool, "--args", NotesCapture.Note);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(sight.Error, Is.Null);
            Assert.That(sight.Tools, Is.SupersetOf(["notes_echo", "notes_get_time", "notes_list_notes", "notes_save_note", "notes_delete_note"]));
            Assert.That(sight.IsError, Is.False);
            Assert.That(sight.ResultText, Does.Contain("Groceries"));
        }
    }
}
