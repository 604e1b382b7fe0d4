using System.Text.Json.Nodes;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Demo;

/// <summary>The demo behind the gateway, as <c>config/cortex.yaml</c> has it: every tool, for the scopes a person granted.</summary>
internal sealed class DemoThroughGatewayTests
{
    private const string Read = "mcp:notes:read";
    private const string Write = "mcp:notes:write";

    private static readonly string[] ReadTools = ["notes_echo", "notes_get_help", "notes_get_time", "notes_list_notes"];

    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync($$"""
        backends: { notes: { kind: contract, url: "http://127.0.0.1:{{ServerProcess.FreePort()}}", demo: true } }
        """);

    [OneTimeTearDown]
    public Task StopAsync() => _gateway.DisposeAsync().AsTask();

    [Test]
    public async Task Every_listed_tool_answers_in_both_eras([Values] bool modern)
    {
        using var alice = await TestPerson.SignInAsync(_gateway, $"alice-{modern}@example.com", $"{Read} {Write}");

        var listed = await (modern ? alice.ModernAsync("tools/list") : alice.LegacyAsync("tools/list"));
        var echo = await alice.CallAsync("notes_echo", new JsonObject { ["text"] = "grüezi" }, modern);
        var time = await alice.CallAsync("notes_get_time", new JsonObject { ["timeZone"] = "Europe/Zurich" }, modern);
        var help = await alice.CallAsync("notes_get_help", modern: modern);
        var saved = await alice.CallAsync("notes_save_note", new JsonObject { ["title"] = "Groceries", ["text"] = "Milk" }, modern);
        var notes = await alice.CallAsync("notes_list_notes", modern: modern);
        var deleted = await alice.CallAsync("notes_delete_note", new JsonObject { ["id"] = saved.Result["structuredContent"]!["id"]!.DeepClone() }, modern);
        var welcome = await alice.CallAsync("notes_delete_note", new JsonObject { ["id"] = "welcome" }, modern);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(listed.ToolNames, Is.EqualTo(ReadTools.Concat(["notes_save_note", "notes_delete_note"]).Order(StringComparer.Ordinal)));
            Assert.That(echo.Text, Does.Contain("grüezi"));
            foreach (var reply in new[] { echo, time, help, saved, notes, deleted })
                Assert.That(reply.IsToolError, Is.False, reply.Body);
            Assert.That(notes.Text, Does.Contain("Groceries"));
            Assert.That(welcome.IsToolError, Is.True);
        }
    }

    [Test]
    public async Task Reader_sees_and_calls_the_read_tools_only()
    {
        using var bob = await TestPerson.SignInAsync(_gateway, "bob@example.com", Read);

        var refused = await bob.CallAsync("notes_save_note", new JsonObject { ["title"] = "a", ["text"] = "b" });

        Assert.That((await bob.ModernAsync("tools/list")).ToolNames, Is.EqualTo(ReadTools));
        Assert.That(refused.Status, Is.EqualTo(403));
        Assert.That(refused.Headers["WWW-Authenticate"], Does.Contain(Write));
    }

    [TestCase("notes_whoami")]
    [TestCase("notes_get_snapshot")]
    public async Task Unlisted_method_is_no_tool(string name)
    {
        using var alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", $"{Read} {Write}");

        Assert.That((await alice.CallAsync(name)).Body, Does.Contain(name).And.Contain("error"));
    }
}
