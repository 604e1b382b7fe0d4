using System.Text.Json.Nodes;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Identity.Vault;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Catalog.Personal;

/// <summary>Catalogs of linked servers that list by person, beside one that all share, for clients of both eras.</summary>
[TestFixture(NativeEra.Modern)]
[TestFixture(NativeEra.LegacyStateful)]
internal sealed class PersonalCatalogTests(NativeEra era)
{
    private PersonalServer _server = null!;
    private CaptureBackend _notes = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;
    private TestPerson _bob = null!;
    private TestPerson _carol = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await PersonalServer.StartAsync(era);
        _notes = await CaptureBackend.StartAsync();
        _notes.ListTools(CaptureBackend.Tool("read", "mcp:notes:read"));
        _gateway = await GatewayHost.StartAsync(
            $$"""
            backends:
              notes: { url: "{{_notes.Url}}" }
              canva: { kind: mcp, url: "{{_server.Url}}", auth: linkedAccount, catalog: perPerson }
            """,
            customize: builder => builder.Services.AddSingleton(PersonalSchedule.Patient));
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:notes:read mcp:canva");
        _bob = await TestPerson.SignInAsync(_gateway, "bob@example.com", "mcp:notes:read mcp:canva");
        _carol = await TestPerson.SignInAsync(_gateway, "carol@example.com", "mcp:notes:read mcp:canva");
        await Grants.LinkAsync(_gateway, "alice@example.com", "canva", "alice");
        await Grants.LinkAsync(_gateway, "bob@example.com", "canva", "bob");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _alice.Dispose();
        _bob.Dispose();
        _carol.Dispose();
        await _gateway.DisposeAsync();
        await _notes.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Nothing_of_one_person_shows_to_another_however_they_ask_at_once()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(async number =>
        {
            var (person, name) = number % 2 == 0 ? (_alice, "alice") : (_bob, "bob");
            return (name, (await ListAsync(person, number % 4 < 2)).ToolNames, await CallAsync(person, $"canva_of_{name}", number % 4 < 2));
        }));

        foreach (var (name, tools, call) in replies)
        {
            Assert.That(tools, Is.EqualTo(new[] { $"canva_of_{name}", "notes_read" }));
            Assert.That(call.Text, Is.EqualTo($"called as {name}"));
        }
    }

    [Test]
    public async Task Tool_of_another_person_is_unknown([Values] bool modern)
    {
        await ListAsync(_bob, modern);
        Assert.That((await CallAsync(_alice, "canva_of_bob", modern)).Error["message"]!.ToString(), Does.Contain("Unknown tool"));
    }

    [Test]
    public async Task Prompts_resources_templates_and_completion_are_the_persons_own([Values] bool modern)
    {
        Assert.That((await SendAsync(_alice, modern, "prompts/list")).Result["prompts"]!.AsArray().Select(prompt => (string)prompt!["name"]!), Is.EqualTo(new[] { "canva_prompt_alice" }));
        Assert.That((await SendAsync(_alice, modern, "resources/list")).Result["resources"]!.AsArray().Select(resource => (string)resource!["uri"]!), Is.EqualTo(new[] { "mine://alice" }));
        Assert.That(
            (await SendAsync(_alice, modern, "resources/templates/list")).Result["resourceTemplates"]!.AsArray().Select(template => (string)template!["uriTemplate"]!),
            Is.EqualTo(new[] { "mine://alice/{page}" }));
        Assert.That((await SendAsync(_alice, modern, "prompts/get", new JsonObject { ["name"] = "canva_prompt_alice" })).Body, Does.Contain("asked as alice"));
        Assert.That((await SendAsync(_bob, modern, "prompts/get", new JsonObject { ["name"] = "canva_prompt_alice" })).ErrorCode, Is.EqualTo(-32602));
        Assert.That((await SendAsync(_alice, modern, "resources/read", new JsonObject { ["uri"] = "mine://alice/7" })).Body, Does.Contain("read as alice"));
        var completed = await SendAsync(_bob, modern, "completion/complete", new JsonObject
        {
            ["ref"] = new JsonObject { ["type"] = "ref/prompt", ["name"] = "canva_prompt_bob" },
            ["argument"] = new JsonObject { ["name"] = "x", ["value"] = "c" },
        });
        Assert.That(completed.Body, Does.Contain("completed as bob"));
    }

    [Test]
    public async Task Lists_are_read_once_and_then_answered_from_what_was_read()
    {
        await ListAsync(_alice, modern: true);
        var before = _server.Lists("alice");
        for (var i = 0; i < 10; i++)
            await ListAsync(_alice, modern: i % 2 == 0);
        Assert.That(_server.Lists("alice"), Is.EqualTo(before));
    }

    [Test]
    public async Task Person_without_an_account_finds_a_tool_that_leads_to_the_link_and_finds_their_own_once_linked([Values] bool modern)
    {
        var email = $"dan-{era}-{modern}@example.com".ToLowerInvariant();
        using var dan = await TestPerson.SignInAsync(_gateway, email, "mcp:notes:read mcp:canva");
        Assert.That((await ListAsync(dan, modern)).ToolNames, Is.EqualTo(new[] { "canva_link_account", "notes_read" }));
        Assert.That((await CallAsync(dan, "canva_link_account", modern)).Body, Does.Contain("/link/canva/start?for="));

        await Grants.LinkAsync(_gateway, email, "canva", "dan");

        Assert.That((await CallAsync(dan, "canva_link_account", modern)).Text, Does.Contain("is linked"));
        Assert.That((await ListAsync(dan, modern)).ToolNames, Is.EqualTo(new[] { "canva_of_dan", "notes_read" }));
    }

    [Test]
    public async Task Unlinking_takes_the_tools_away_and_their_old_names_lead_to_the_link([Values] bool modern)
    {
        var email = $"eve-{era}-{modern}@example.com".ToLowerInvariant();
        using var eve = await TestPerson.SignInAsync(_gateway, email, "mcp:notes:read mcp:canva");
        await Grants.LinkAsync(_gateway, email, "canva", "eve");
        Assert.That((await CallAsync(eve, "canva_of_eve", modern)).Text, Is.EqualTo("called as eve"), "the first call needs no list before it");

        await Grants.UnlinkAsync(_gateway, email, "canva");

        Assert.That((await ListAsync(eve, modern)).ToolNames, Is.EqualTo(new[] { "canva_link_account", "notes_read" }));
        Assert.That((await CallAsync(eve, "canva_of_eve", modern)).Body, Does.Contain("/link/canva/start?for="));
    }

    [Test]
    public async Task Server_that_fails_for_one_person_fails_nobody_else_and_leaves_what_it_listed_last()
    {
        const string email = "fay@example.com";
        using var fay = await TestPerson.SignInAsync(_gateway, email, "mcp:notes:read mcp:canva");
        await Grants.LinkAsync(_gateway, email, "canva", "fay");
        Assert.That((await ListAsync(fay, true)).ToolNames, Does.Contain("canva_of_fay"));

        _server.Failing["fay"] = true;
        await Grants.LinkAsync(_gateway, email, "canva", "fay");

        Assert.That((await ListAsync(fay, true)).ToolNames, Is.EqualTo(new[] { "canva_of_fay", "notes_read" }));
        Assert.That((await ListAsync(_alice, true)).ToolNames, Is.EqualTo(new[] { "canva_of_alice", "notes_read" }));
    }

    [Test]
    public async Task Server_that_fails_from_the_start_leaves_the_shared_tools()
    {
        const string email = "gus@example.com";
        using var gus = await TestPerson.SignInAsync(_gateway, email, "mcp:notes:read mcp:canva");
        await Grants.LinkAsync(_gateway, email, "canva", "gus");
        _server.Failing["gus"] = true;
        Assert.That((await ListAsync(gus, true)).ToolNames, Is.EqualTo(new[] { "notes_read" }));
    }

    [Test]
    public async Task Token_that_the_server_refuses_is_renewed_once_and_the_list_read_with_the_new_one()
    {
        await using var provider = await TokenProvider.StartAsync();
        using var ida = await TestPerson.SignInAsync(_gateway, "ida@example.com", "mcp:notes:read mcp:canva");
        _server.Refused["stale-ida"] = true;
        await Grants.LinkAsync(_gateway, "ida@example.com", "canva", "stale-ida", provider);

        var tools = (await ListAsync(ida, true)).ToolNames;

        Assert.That(tools, Has.Count.EqualTo(2));
        Assert.That(tools[0], Does.StartWith("canva_of_").And.Not.Contain("stale"));
    }

    [Test]
    public async Task Person_without_the_scope_sees_nothing_of_the_server()
    {
        using var hal = await TestPerson.SignInAsync(_gateway, "hal@example.com", "mcp:notes:read");
        await Grants.LinkAsync(_gateway, "hal@example.com", "canva", "hal");
        Assert.That((await ListAsync(hal, true)).ToolNames, Is.EqualTo(new[] { "notes_read" }));
    }

    private static Task<McpReply> ListAsync(TestPerson person, bool modern) => SendAsync(person, modern, "tools/list");

    private static Task<McpReply> CallAsync(TestPerson person, string tool, bool modern) => person.CallAsync(tool, modern: modern);

    private static Task<McpReply> SendAsync(TestPerson person, bool modern, string method, JsonObject? parameters = null) =>
        modern ? person.ModernAsync(method, parameters) : person.LegacyAsync(method, parameters);
}
