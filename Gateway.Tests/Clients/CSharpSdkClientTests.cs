using Cortex.Tests.Fixtures;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using NUnit.Framework;

namespace Cortex.Tests.Clients;

/// <summary>The C# SDK's client with its own OAuth support against the real gateway.</summary>
internal sealed class CSharpSdkClientTests
{
    [TestCase(null, "2026-07-28")]
    [TestCase("2025-11-25", "2025-11-25")]
    public async Task Client_comes_from_401_to_a_result_and_the_backend_sees_the_minted_token(string? asked, string version)
    {
        await using var backend = await NotesCapture.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(NotesCapture.Yaml(backend));
        var tokens = new KeptTokens();
        await using var client = await ConnectAsync(gateway.Url, asked, tokens, keepScope: null);

        var tools = await client.ListToolsAsync();
        var result = await client.CallToolAsync(
            NotesCapture.SaveTool, new Dictionary<string, object?> { ["title"] = "Groceries", ["text"] = "Milk" });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(client.NegotiatedProtocolVersion, Is.EqualTo(version));
            Assert.That(tools.Select(tool => tool.Name), Is.SupersetOf([NotesCapture.ListTool, NotesCapture.SaveTool]));
            Assert.That(result.IsError, Is.Not.True);
            Assert.That(result.Content.OfType<TextContentBlock>().First().Text, Does.Contain("note-1"));
        }

        MintedToken.AssertArrivedWithHeaders(
            backend.Calls("save_note").Single(), gateway.Url, backend.Url, NotesCapture.Write, tokens.AccessToken);
    }

    [Test]
    public async Task Token_for_reading_sees_the_read_tools_only()
    {
        await using var backend = await NotesCapture.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(NotesCapture.Yaml(backend));
        await using var client = await ConnectAsync(gateway.Url, null, new KeptTokens(), scope => scope == NotesCapture.Read);

        var tools = (await client.ListToolsAsync()).Select(tool => tool.Name).ToList();

        Assert.That(tools, Does.Contain(NotesCapture.ListTool));
        Assert.That(tools, Does.Not.Contain(NotesCapture.SaveTool));
    }

    [TestCase(NativeEra.Modern, null)]
    [TestCase(NativeEra.Modern, "2025-11-25")]
    [TestCase(NativeEra.LegacyStateful, null)]
    [TestCase(NativeEra.LegacyStateful, "2025-11-25")]
    public async Task Structured_result_of_a_native_server_arrives(NativeEra era, string? asked)
    {
        await using var server = await NativeServer.StartAsync(era);
        await using var gateway = await GatewayHost.StartAsync($"""
            backends:
              native:
                kind: mcp
                url: {server.Url}
            """);
        await using var client = await ConnectAsync(gateway.Url, asked, new KeptTokens(), keepScope: null);

        var result = await client.CallToolAsync("native_add", new Dictionary<string, object?> { ["a"] = 2, ["b"] = 3 });

        Assert.That(result.StructuredContent, Is.Not.Null);
        Assert.That(result.StructuredContent!.Value.GetProperty("sum").GetInt32(), Is.EqualTo(5));
    }

    private static Task<McpClient> ConnectAsync(string gatewayUrl, string? version, KeptTokens tokens, Func<string, bool>? keepScope) => OAuthSdkClient.ConnectAsync(
        gatewayUrl, version, tokens, (address, cancellationToken) => BrowserlessSignIn.AuthorizeAsync(address, "ada@example.com", keepScope, cancellationToken));
}
