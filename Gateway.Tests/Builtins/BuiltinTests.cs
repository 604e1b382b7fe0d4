using System.Text.Json.Nodes;
using Cortex.Builtins;
using Cortex.Foundation.Model;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Conformance;
using NUnit.Framework;

namespace Cortex.Tests.Builtins;

/// <summary>What the gateway itself offers, to clients of both eras.</summary>
internal sealed class BuiltinTests
{
    private const string Architecture = "cortex://architecture";

    private CaptureBackend _notes = null!;
    private CaptureBackend _plain = null!;
    private CaptureBackend _closed = null!;
    private ConformanceServer _native = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _notes = await CaptureBackend.StartAsync();
        _notes.ListTools(CaptureBackend.Tool("read", "mcp:notes:read"), CaptureBackend.Tool("write", "mcp:notes:write"), CaptureBackend.Tool("whoami", "mcp:notes:read"));
        _notes.Reply("whoami", """{"role":"editor"}""");
        _notes.Reply("get_snapshot", """{"notes":3}""");
        _notes.Reply("get_help", "\"Notes are text.\"");
        _notes.Reply("list_resource_templates", """{"resourceTemplates":[{"uriTemplate":"notes://note/{id}","name":"note","scope":"mcp:notes:write"}]}""");
        _notes.Reply("read_resource", """{"contents":[{"uri":"notes://note/7","mimeType":"text/plain","text":"Milk"}]}""");
        _plain = await CaptureBackend.StartAsync();
        _plain.ListTools(CaptureBackend.Tool("whoami", "mcp:plain"));
        _plain.Reply("whoami", 500, """{"error":"out of order"}""");
        _plain.Reply("get_snapshot", 404, """{"error":"unknown method"}""");
        _closed = await CaptureBackend.StartAsync();
        _closed.ListTools(CaptureBackend.Tool("secret", "mcp:closed"));
        _native = await ConformanceServer.StartAsync();
        _gateway = await GatewayHost.StartAsync(
            $$"""
            backends:
              notes: { url: "{{_notes.Url}}" }
              plain: { url: "{{_plain.Url}}", prefix: "" }
              closed: { url: "{{_closed.Url}}" }
              native: { kind: mcp, url: "{{_native.Url}}" }
              dark: { url: "http://127.0.0.1:1" }
            """,
            builtins: true);
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:notes:read mcp:plain mcp:native");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _alice.Dispose();
        await _gateway.DisposeAsync();
        await _native.DisposeAsync();
        await _closed.DisposeAsync();
        await _plain.DisposeAsync();
        await _notes.DisposeAsync();
    }

    [Test]
    public async Task List_shows_every_builtin_with_schemas_and_leaves_backends_their_own_tool_of_the_name([Values] bool modern)
    {
        var reply = await SendAsync("tools/list", [], modern);

        Assert.That(reply.ToolNames, Is.SupersetOf(BuiltinNames.All.Except(BuiltinNames.OfSearch)).And.SupersetOf(new[] { "notes_whoami", "plain_whoami" }));
        foreach (var tool in reply.Result["tools"]!.AsArray().Where(tool => BuiltinNames.All.Contains((string)tool!["name"]!)))
        {
            Assert.That((string)tool!["inputSchema"]!["type"]!, Is.EqualTo("object"), tool.ToJsonString());
            Assert.That((string)tool["outputSchema"]!["type"]!, Is.EqualTo("object"), tool.ToJsonString());
            Assert.That((string)tool["description"]!, Is.Not.Empty);
        }
    }

    [Test]
    public async Task Whoami_tells_person_scopes_and_what_each_app_says_a_failing_one_being_a_line([Values] bool modern)
    {
        var reply = await _alice.CallAsync("whoami", modern: modern);

        var answer = reply.Result["structuredContent"]!;
        Assert.That(reply.IsToolError, Is.False);
        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(reply.Text), answer), "as text too");
        Assert.That((string)answer["person"]!["email"]!, Is.EqualTo("alice@example.com"));
        Assert.That((string)answer["client"]!, Is.EqualTo(_alice.ClientId));
        Assert.That(answer["scopes"]!.AsArray().Select(scope => (string)scope!), Is.EquivalentTo(["mcp:notes:read", "mcp:plain", "mcp:native"]));
        var apps = answer["apps"]!.AsArray().ToDictionary(app => (string)app!["id"]!, app => app!);
        Assert.That(apps.Keys, Is.EquivalentTo(["notes", "plain", "native", "dark"]), "an app out of reach of the token is not named");
        Assert.That((string)apps["notes"]["whoAmI"]!["role"]!, Is.EqualTo("editor"));
        Assert.That((int)apps["notes"]["tools"]!, Is.EqualTo(2));
        Assert.That((string)apps["plain"]["problem"]!, Does.Contain("500"));
        Assert.That(apps["native"]["whoAmI"], Is.Null);
        Assert.That((string)apps["dark"]["state"]!, Is.EqualTo("never_reached"));
        Assert.That(_notes.Calls("whoami")[^1].Token!.GetClaim("client_id").Value, Is.EqualTo(_alice.ClientId), "asked as the person");
    }

    [Test]
    public async Task Answer_that_is_too_long_to_stand_beside_others_is_a_line([Values("whoami", "get_snapshots")] string tool)
    {
        _plain.Reply("whoami", $$"""{"all":"{{new string('x', 70_000)}}"}""");
        _plain.Reply("get_snapshot", $$"""{"all":"{{new string('x', 70_000)}}"}""");
        var reply = await _alice.CallAsync(tool);
        _plain.Reply("whoami", 500, """{"error":"out of order"}""");
        _plain.Reply("get_snapshot", 404, """{"error":"unknown method"}""");

        Assert.That(reply.IsToolError, Is.False);
        Assert.That(reply.Text, Does.Contain("more than 65536 bytes").And.Not.Contain("xxx"));
    }

    [TestCase("""{"a":"\ud800"}""")]
    [TestCase("""[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]""")]
    public async Task Answer_that_cannot_stand_within_another_is_a_line(string answer)
    {
        _plain.Reply("whoami", answer);
        _plain.Reply("get_snapshot", answer);
        var replies = new[] { await _alice.CallAsync("whoami"), await _alice.CallAsync("get_snapshots") };
        _plain.Reply("whoami", 500, """{"error":"out of order"}""");
        _plain.Reply("get_snapshot", 404, """{"error":"unknown method"}""");

        Assert.That(replies.Select(reply => reply.IsToolError), Is.All.False);
        Assert.That(replies.Select(reply => reply.Text), Is.All.Contains("nested more than 32 deep, or holds half a character").And.All.Contains("\"editor\"").Or.All.Contains("\"notes\""));
    }

    [Test]
    public async Task Apps_own_tool_of_a_builtins_name_is_called_under_its_own_name()
    {
        var notes = await _alice.CallAsync("notes_whoami");
        _plain.Reply("whoami", """{"plain":true}""");
        var plain = await _alice.CallAsync("plain_whoami");
        _plain.Reply("whoami", 500, """{"error":"out of order"}""");

        Assert.That(notes.Text, Is.EqualTo("""{"role":"editor"}"""));
        Assert.That(plain.Text, Is.EqualTo("""{"plain":true}"""));
    }

    [Test]
    public async Task Snapshots_of_all_apps_come_in_one_envelope([Values] bool modern)
    {
        var all = (await _alice.CallAsync("get_snapshots", modern: modern)).Result["structuredContent"]!;
        var one = (await _alice.CallAsync("get_snapshots", new JsonObject { ["apps"] = new JsonArray("notes") }, modern)).Result["structuredContent"]!;
        var unknown = await _alice.CallAsync("get_snapshots", new JsonObject { ["apps"] = new JsonArray("closed") }, modern);

        var snapshots = all["snapshots"]!.AsArray().ToDictionary(snapshot => (string)snapshot!["app"]!, snapshot => snapshot!);
        Assert.That(snapshots.Keys, Is.EquivalentTo(["notes", "dark"]), "one that offers none is left out, one that can't be asked is named");
        Assert.That((int)snapshots["notes"]["value"]!["notes"]!, Is.EqualTo(3));
        Assert.That((string)snapshots["dark"]["problem"]!, Does.Contain("reached"));
        Assert.That(one["snapshots"]!.AsArray(), Has.Count.EqualTo(1));
        Assert.That(unknown.IsToolError);
        Assert.That(unknown.Text, Does.Contain("no app 'closed'"));
    }

    [Test]
    public async Task Resources_are_listed_by_a_tool_as_the_caller_may_read_them([Values] bool modern)
    {
        var all = (await _alice.CallAsync("list_cortex_resources", modern: modern)).Result["structuredContent"]!;
        var some = (await _alice.CallAsync("list_cortex_resources", new JsonObject { ["app"] = "native", ["after"] = "test://static" }, modern)).Result["structuredContent"]!;

        var uris = all["resources"]!.AsArray().Select(resource => (string)resource!["uri"]!);
        Assert.That(uris, Has.Member(Architecture).And.Member("test://static-text"));
        Assert.That(all["resourceTemplates"]!.AsArray().Select(template => (string)template!["uriTemplate"]!), Has.Member("cortex://backends/{id}").And.No.Member("notes://note/{id}"));
        Assert.That(some["resources"]!.AsArray().Select(resource => (string)resource!["uri"]!), Has.All.StartsWith("test://").And.No.Member(Architecture));
    }

    [Test]
    public async Task Resource_is_read_by_a_tool_with_every_check_of_a_read([Values] bool modern)
    {
        using var writer = await TestPerson.SignInAsync(_gateway, "bob@example.com", "mcp:notes:read mcp:notes:write mcp:native");

        var native = await ReadAsync(writer, "test://static-text", modern);
        var contract = await ReadAsync(writer, "notes://note/7", modern);
        var own = await ReadAsync(writer, Architecture, modern);
        var forbidden = await ReadAsync(_alice, "notes://note/7", modern);
        var unknown = await ReadAsync(writer, "nowhere://x", modern);

        Assert.That((string)native.Result["structuredContent"]!["contents"]![0]!["text"]!, Is.Not.Empty);
        Assert.That((string)contract.Result["structuredContent"]!["contents"]![0]!["text"]!, Is.EqualTo("Milk"));
        Assert.That((string)contract.Result["content"]![0]!["resource"]!["text"]!, Is.EqualTo("Milk"));
        Assert.That((string)own.Result["structuredContent"]!["contents"]![0]!["text"]!, Does.StartWith("# Cortex"));
        Assert.That(forbidden.IsToolError);
        Assert.That(forbidden.Text, Does.Contain("mcp:notes:write"));
        Assert.That(unknown.IsToolError);
        Assert.That(unknown.Text, Does.Contain("Unknown resource"));
    }

    [Test]
    public async Task Architecture_tells_what_this_caller_may_use_and_how_to_ask_for_more([Values] bool modern)
    {
        var text = await ReadOwnAsync(Architecture, modern);

        Assert.That(text, Does.Contain("`notes`: 2 tools").And.Contain("`dark`: can't be reached"));
        Assert.That(text, Does.Contain("Held: `mcp:native`, `mcp:notes:read`, `mcp:plain`"));
        Assert.That(text, Does.Contain("granted by connecting again: ").And.Contain("`mcp:notes:write`"));
        Assert.That(text, Does.Not.Contain("`closed`"));
    }

    [Test]
    public async Task Document_of_an_app_holds_its_tools_and_its_own_help([Values] bool modern)
    {
        var text = await ReadOwnAsync("cortex://backends/notes", modern);
        var hidden = await SendAsync("resources/read", new JsonObject { ["uri"] = "cortex://backends/closed" }, modern);
        var nonsense = await SendAsync("resources/read", new JsonObject { ["uri"] = "cortex://nonsense" }, modern);

        Assert.That(text, Does.Contain("`notes_read`: The tool read.").And.Contain("Notes are text.").And.Not.Contain("notes_write"));
        Assert.That(hidden.ErrorCode, Is.EqualTo(modern ? -32602 : -32002));
        Assert.That(nonsense.ErrorCode, Is.EqualTo(modern ? -32602 : -32002));
    }

    [Test]
    public async Task Missing_capability_is_reported_and_listed_to_its_reporter_alone([Values] bool modern)
    {
        using var bob = await TestPerson.SignInAsync(_gateway, "bob@example.com", "mcp:notes:read");
        var wish = new JsonObject { ["whatIWanted"] = $"print a note in braille, {(modern ? "large" : "small")}", ["severity"] = "nice_to_have", ["contextTool"] = "notes_read" };

        var first = (await _alice.CallAsync("report_missing_capability", wish, modern)).Result["structuredContent"]!;
        var again = (await _alice.CallAsync("report_missing_capability", wish.DeepClone().AsObject(), modern)).Result["structuredContent"]!;
        var mine = (await _alice.CallAsync("list_cortex_tickets", modern: modern)).Result["structuredContent"]!["tickets"]!.AsArray();
        var others = (await bob.CallAsync("list_cortex_tickets", modern: modern)).Result["structuredContent"]!["tickets"]!.AsArray();

        Assert.That((string)first["backend"]!, Is.EqualTo("notes"));
        Assert.That((bool)first["deduplicated"]!, Is.False);
        Assert.That((bool)again["deduplicated"]!, Is.True);
        Assert.That((string)again["ticketId"]!, Is.EqualTo((string)first["ticketId"]!));
        Assert.That(mine.Count(ticket => (string)ticket!["ticketId"]! == (string)first["ticketId"]!), Is.EqualTo(1));
        Assert.That(others, Is.Empty);
    }

    [TestCase("report_missing_capability", """{"whatIWanted":"x"}""", "'severity' is missing")]
    [TestCase("report_missing_capability", """{"whatIWanted":"x","severity":"urgent"}""", "'severity' does not fit")]
    [TestCase("get_snapshots", """{"apps":"notes"}""", "'apps'")]
    [TestCase("read_cortex_resource", "{}", "'uri' is missing")]
    [TestCase("read_cortex_resource", """{"uri":null}""", "does not fit")]
    [TestCase("read_cortex_resource", """{"uri":7}""", "'uri'")]
    public async Task Arguments_that_do_not_fit_are_told_by_name(string tool, string arguments, string told)
    {
        var reply = await _alice.CallAsync(tool, JsonNode.Parse(arguments)!.AsObject());

        Assert.That(reply.IsToolError);
        Assert.That(reply.Text, Does.Contain(told).And.Contain("inputSchema"));
    }

    [Test]
    public async Task Subscription_to_a_builtin_resource_is_refused_and_its_template_completes_nothing()
    {
        var session = await LegacySession.OpenAsync(_alice, _gateway);
        var subscribed = await session.SendAsync("resources/subscribe", new JsonObject { ["uri"] = Architecture });
        var completed = await _alice.LegacyAsync("completion/complete", new JsonObject
        {
            ["ref"] = new JsonObject { ["type"] = "ref/resource", ["uri"] = "cortex://backends/{id}" },
            ["argument"] = new JsonObject { ["name"] = "id", ["value"] = "n" },
        });

        Assert.That(subscribed.ErrorCode, Is.EqualTo(-32601));
        Assert.That(completed.Result["completion"]!["values"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task Configuration_says_which_builtins_there_are()
    {
        await using var some = await GatewayHost.StartAsync("gateway: { builtins: [whoami] }\nbackends: { }", builtins: true);
        await using var none = await GatewayHost.StartAsync("gateway: { builtins: [] }\nbackends: { }", builtins: true);
        using var first = await TestPerson.SignInAsync(some, "alice@example.com", "");
        using var second = await TestPerson.SignInAsync(none, "alice@example.com", "");

        Assert.That((await first.ModernAsync("tools/list")).ToolNames, Is.EqualTo(["whoami"]));
        Assert.That((await second.ModernAsync("tools/list")).ToolNames, Is.Empty);
        Assert.That((await second.ModernAsync("resources/list")).Result["resources"]!.AsArray(), Is.Empty);
        Assert.That((await first.CallAsync("get_snapshots")).ErrorCode, Is.EqualTo(-32602));
    }

    [Test]
    public void Schemas_say_no_more_than_json_schema_of_every_client_knows()
    {
        foreach (var tool in _gateway.Get<IEnumerable<IBuiltin>>())
            Assert.That(JsonNode.Parse(tool.Definition)!.ToJsonString(), Does.Not.Contain(":true}").And.Not.Contain("\"items\":true"), tool.Name);
    }

    private static Task<McpReply> ReadAsync(TestPerson person, string uri, bool modern) => person.CallAsync("read_cortex_resource", new JsonObject { ["uri"] = uri }, modern);

    private async Task<string> ReadOwnAsync(string uri, bool modern) =>
        (string)(await SendAsync("resources/read", new JsonObject { ["uri"] = uri }, modern)).Result["contents"]![0]!["text"]!;

    private Task<McpReply> SendAsync(string method, JsonObject parameters, bool modern) => modern ? _alice.ModernAsync(method, parameters) : _alice.LegacyAsync(method, parameters);
}
