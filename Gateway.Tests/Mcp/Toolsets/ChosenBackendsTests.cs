using System.Text.Json.Nodes;
using Cortex.Foundation.Model;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Mcp.Toolsets;

/// <summary>The header <c>X-Cortex-Backends</c>: what it narrows, what it leaves alone, and how it is refused.</summary>
internal sealed class ChosenBackendsTests
{
    [Test]
    public async Task Lists_hold_the_chosen_backends_and_the_builtins([Values] bool modern)
    {
        using var chosen = ToolsetStage.Alice.AtToolset(null, " notes , tickets,notes");
        var tools = await ToolsetStage.SendAsync(chosen, "tools/list", null, modern);
        var prompts = await ToolsetStage.SendAsync(chosen, "prompts/list", null, modern);
        var resources = await ToolsetStage.SendAsync(chosen, "resources/list", null, modern);

        Assert.That(tools.ToolNames.Except(BuiltinNames.All), Is.EquivalentTo(["notes_read", "notes_write", "notes_get_help", "tickets_read", "tickets_get_help"]));
        Assert.That(tools.ToolNames, Has.Member("whoami"));
        Assert.That(prompts.Result["prompts"]!.AsArray(), Is.Empty);
        Assert.That(resources.Result["resources"]!.AsArray().Select(item => (string)item!["uri"]!), Is.EqualTo(new[] { "cortex://architecture" }));
    }

    [Test]
    public async Task Search_advice_and_whoami_keep_to_the_chosen_backends()
    {
        using var chosen = ToolsetStage.Alice.AtToolset(null, "tickets");
        var found = (await chosen.CallAsync("find_tools", new JsonObject { ["query"] = "read", ["limit"] = 20 })).Result["structuredContent"]!["tools"]!.AsArray();
        var whoami = (await chosen.CallAsync("whoami")).Result["structuredContent"]!;
        var advice = (string)(await chosen.ModernAsync("server/discover")).Result["instructions"]!;

        Assert.That(found.Select(tool => (string)tool!["name"]!), Has.Member("tickets_read").And.No.Member("notes_read"));
        Assert.That(whoami["apps"]!.AsArray().Select(app => (string)app!["id"]!), Is.EqualTo(new[] { "tickets" }));
        Assert.That(advice, Does.Contain("tickets_get_help").And.Not.Contain("notes_get_help").And.Not.Contain("conformance suite"));
    }

    [Test]
    public async Task Calls_are_not_narrowed_since_it_is_no_access_control([Values] bool modern)
    {
        using var chosen = ToolsetStage.Alice.AtToolset(null, "tickets");

        Assert.That((await chosen.CallAsync("notes_read", new JsonObject { ["id"] = "7" }, modern)).IsToolError, Is.False);
        Assert.That((await ToolsetStage.SendAsync(chosen, "resources/read", new JsonObject { ["uri"] = "test://static-text" }, modern)).Answer["result"], Is.Not.Null);
    }

    [Test]
    public async Task Within_a_toolset_it_narrows_the_toolset([Values] bool modern)
    {
        using var chosen = ToolsetStage.Alice.AtToolset("support", "docs");
        Assert.That((await ToolsetStage.SendAsync(chosen, "tools/list", null, modern)).ToolNames.Except(BuiltinNames.All), Is.EqualTo(new[] { "docs_test_simple_text" }));
        Assert.That((await chosen.CallAsync("tickets_read", modern: modern)).ErrorCode, Is.EqualTo(-32602), "the toolset itself does narrow calls");
    }

    [TestCase("notes; tickets", null, "commas")]
    [TestCase("notes,,tickets", null, "commas")]
    [TestCase("Notes", null, "commas")]
    [TestCase("nots", null, "'nots'")]
    [TestCase("notes,nots,ticket", null, "'nots', 'ticket'")]
    [TestCase("cortex", null, "'cortex'")]
    [TestCase("tickets", "support", "'tickets'")]
    public async Task Header_that_chooses_no_backends_is_told_why_under_the_requests_id(string header, string? toolset, string told)
    {
        using var chosen = ToolsetStage.Alice.AtToolset(toolset, header);
        foreach (var modern in new[] { false, true })
        {
            foreach (var method in new[] { "tools/list", "ping" })
            {
                var reply = await ToolsetStage.SendAsync(chosen, method, null, modern);
                Assert.That((reply.Status, reply.ErrorCode, (int)reply.Answer["id"]!), Is.EqualTo((400, -32602, 7)));
                Assert.That((string)reply.Error["message"]!, Does.Contain("X-Cortex-Backends").And.Contain(told));
            }
        }
    }

    [Test]
    public async Task Stream_of_a_session_is_refused_for_a_bad_header_too()
    {
        var session = (await ToolsetStage.Alice.LegacyAsync("initialize", new JsonObject { ["protocolVersion"] = "2025-11-25", ["capabilities"] = new JsonObject() })).Headers["Mcp-Session-Id"];
        using var chosen = ToolsetStage.Alice.AtToolset(null, "nots");
        await using var stream = await TestStream.GetAsync(chosen, ToolsetStage.Gateway, session);
        Assert.That(stream.Status, Is.EqualTo(400));
        Assert.That(await stream.Response.Content.ReadAsStringAsync(), Does.Contain("'nots'"));
    }

    [Test]
    public async Task Empty_header_chooses_nothing()
    {
        using var chosen = ToolsetStage.Alice.AtToolset(null, " ");
        Assert.That((await chosen.ModernAsync("tools/list")).ToolNames, Is.EqualTo((await ToolsetStage.Alice.ModernAsync("tools/list")).ToolNames));
    }

    [Test]
    public async Task Header_does_not_reach_a_backend()
    {
        using var chosen = ToolsetStage.Alice.AtToolset(null, "notes");
        await chosen.CallAsync("notes_read");
        Assert.That(ToolsetStage.Notes.Calls("read"), Is.Not.Empty);
        Assert.That(ToolsetStage.Notes.Calls("read").Select(call => call.Header("X-Cortex-Backends")), Has.All.Null);
    }
}
