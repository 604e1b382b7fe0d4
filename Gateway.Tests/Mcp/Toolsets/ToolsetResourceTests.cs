using System.Net;
using System.Text.Json;
using Cortex.Foundation.Model;
using Cortex.Tests.Clients;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Mcp.Toolsets;

/// <summary>Toolsets as protected resources: what clients are told before they have a token, and where tokens count.</summary>
/// <remarks><see href="https://www.rfc-editor.org/rfc/rfc9728"/>, <see href="https://www.rfc-editor.org/rfc/rfc8707"/></remarks>
internal sealed class ToolsetResourceTests
{
    private static readonly HttpClient Http = new();

    [Test]
    public async Task Client_without_a_token_finds_its_way_from_the_challenge_to_the_list()
    {
        var gateway = ToolsetStage.Gateway;
        using var body = new StringContent("{}");
        using var challenge = await Http.PostAsync(new Uri($"{gateway.Url}/mcp/support"), body);
        var address = $"{gateway.Url}/.well-known/oauth-protected-resource/mcp/support";
        Assert.That(challenge.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(challenge.Headers.WwwAuthenticate.ToString(), Is.EqualTo($"Bearer scope=\"mcp:docs mcp:notes:read mcp:notes:write\", resource_metadata=\"{address}\""));

        var metadata = JsonDocument.Parse(await Http.GetStringAsync(new Uri(address))).RootElement;
        Assert.That(metadata.GetProperty("resource").GetString(), Is.EqualTo($"{gateway.Url}/mcp/support"));
        Assert.That(metadata.GetProperty("resource_name").GetString(), Is.EqualTo("Acme: Support desk"));
        Assert.That(ScopesOf(metadata), Is.EqualTo(new[] { "mcp:docs", "mcp:notes:read", "mcp:notes:write" }), "of what is in it alone");

        using var ann = await TestPerson.SignInAsync(gateway, "ann@example.com", string.Join(' ', ScopesOf(metadata)), metadata.GetProperty("resource").GetString());
        using var there = ann.AtToolset("support");
        using var elsewhere = ann.AtToolset("reader");
        Assert.That((await there.ModernAsync("tools/list")).ToolNames, Has.Member("notes_read").And.Member("docs_test_simple_text"));
        Assert.That((await ann.ModernAsync("tools/list")).Status, Is.EqualTo(401), "a token for a toolset counts there alone");
        Assert.That((await elsewhere.ModernAsync("tools/list")).Status, Is.EqualTo(401));
    }

    [Test]
    public async Task Token_for_all_of_mcp_counts_at_every_toolset()
    {
        foreach (var toolset in new[] { "support", "reader", "finder", "one" })
        {
            using var there = ToolsetStage.Alice.AtToolset(toolset);
            Assert.That((await there.ModernAsync("tools/list")).Status, Is.EqualTo(200), toolset);
        }
    }

    [Test]
    public async Task Client_that_asks_for_no_scope_is_offered_those_of_the_toolset()
    {
        using var ben = await TestPerson.SignInAsync(ToolsetStage.Gateway, "ben@example.com", "", $"{ToolsetStage.Gateway.McpUrl}/one");
        using var there = ben.AtToolset("one");
        var whoami = (await there.CallAsync("whoami")).Result["structuredContent"]!;
        Assert.That(whoami["scopes"]!.AsArray().Select(scope => (string)scope!), Is.EqualTo(new[] { "mcp:tickets:read" }));
    }

    [Test]
    public async Task Metadata_of_a_toolset_that_there_is_not_is_not_found()
    {
        using var reply = await Http.GetAsync(new Uri($"{ToolsetStage.Gateway.Url}/.well-known/oauth-protected-resource/mcp/nowhere"));
        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    /// <summary>The C# SDK's own OAuth client, which knows the address of the toolset and nothing else.</summary>
    [TestCase(EraStage.Legacy)]
    [TestCase(EraStage.Modern)]
    public async Task Real_client_signs_in_at_the_address_of_a_toolset_lists_and_calls(string version)
    {
        await using var client = await OAuthSdkClient.ConnectAsync(
            ToolsetStage.Gateway.Url,
            version,
            new KeptTokens(),
            (address, cancellationToken) => BrowserlessSignIn.AuthorizeAsync(address, "cid@example.com", null, cancellationToken),
            "/mcp/support");
        var tools = await client.ListToolsAsync();
        var called = await client.CallToolAsync("docs_test_simple_text");

        Assert.That(tools.Select(tool => tool.Name).Except(BuiltinNames.All), Is.EquivalentTo(["notes_read", "notes_write", "notes_get_help", "docs_test_simple_text"]));
        Assert.That(called.IsError, Is.Not.True);
        Assert.That(client.ServerInfo!.Title, Is.EqualTo("Acme: Support desk"));
        Assert.That(client.ServerInstructions, Does.StartWith("Look at the note"));
    }

    private static IEnumerable<string> ScopesOf(JsonElement metadata) => metadata.GetProperty("scopes_supported").EnumerateArray().Select(scope => scope.GetString()!);
}
