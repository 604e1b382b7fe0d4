using System.Text.Json.Nodes;
using Cortex.Foundation.Model;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Mcp.Toolsets;

/// <summary>Toolsets on the wire, for clients of both eras.</summary>
internal sealed class ToolsetTests
{
    private static readonly JsonObject Initialize = new() { ["protocolVersion"] = "2025-11-25", ["capabilities"] = new JsonObject() };

    private TestPerson _support = null!;
    private TestPerson _reader = null!;
    private TestPerson _finder = null!;

    [OneTimeSetUp]
    public void Start() => (_support, _reader, _finder) =
        (ToolsetStage.Alice.AtToolset("support"), ToolsetStage.Alice.AtToolset("reader"), ToolsetStage.Alice.AtToolset("finder"));

    [OneTimeTearDown]
    public void Stop()
    {
        _support.Dispose();
        _reader.Dispose();
        _finder.Dispose();
    }

    [Test]
    public async Task Lists_hold_what_is_in_the_toolset_and_the_builtins([Values] bool modern)
    {
        var tools = await SendAsync(_support, "tools/list", null, modern);
        var prompts = await SendAsync(_support, "prompts/list", null, modern);

        Assert.That(tools.ToolNames.Except(BuiltinNames.All), Is.EquivalentTo(["notes_read", "notes_write", "notes_get_help", "docs_test_simple_text"]));
        Assert.That(tools.ToolNames, Has.Member("whoami"));
        Assert.That(Names(prompts, "prompts"), Has.Member("docs_test_simple_prompt"), "prompts of its backends, since it names none itself");
    }

    [Test]
    public async Task Toolset_of_scopes_alone_holds_what_needs_them_and_no_builtins_when_they_are_off([Values] bool modern)
    {
        var tools = await SendAsync(_reader, "tools/list", null, modern);
        var resources = await SendAsync(_reader, "resources/list", null, modern);
        var builtin = await _reader.CallAsync("whoami", modern: modern);

        Assert.That(tools.ToolNames, Is.EquivalentTo(["notes_read", "notes_get_help", "tickets_read", "tickets_get_help"]));
        Assert.That(resources.Result["resources"]!.AsArray(), Is.Empty);
        Assert.That(builtin.ErrorCode, Is.EqualTo(-32602));
    }

    [Test]
    public async Task Backends_without_a_tool_in_it_have_nothing_in_a_toolset_of_tools([Values] bool modern)
    {
        using var one = ToolsetStage.Alice.AtToolset("one");
        var prompts = await SendAsync(one, "prompts/list", null, modern);
        var read = await SendAsync(one, "resources/read", new JsonObject { ["uri"] = "test://static-text" }, modern);

        Assert.That(prompts.Result["prompts"]!.AsArray(), Is.Empty);
        Assert.That(read.Answer["error"], Is.Not.Null);
    }

    [Test]
    public async Task What_is_not_in_the_toolset_is_unknown_there_and_known_elsewhere([Values] bool modern)
    {
        var before = ToolsetStage.Tickets.Calls("read").Count;
        var outside = await _support.CallAsync("tickets_read", modern: modern);
        var nowhere = await _support.CallAsync("no_such", modern: modern);
        var prompt = await SendAsync(_reader, "prompts/get", new JsonObject { ["name"] = "docs_test_simple_prompt" }, modern);
        var resource = await SendAsync(_reader, "resources/read", new JsonObject { ["uri"] = "test://static-text" }, modern);
        var completion = await SendAsync(_reader, "completion/complete", Completion(), modern);
        Assert.That(ToolsetStage.Tickets.Calls("read"), Has.Count.EqualTo(before));
        var elsewhere = await ToolsetStage.Alice.CallAsync("tickets_read", modern: modern);

        Assert.That((string)outside.Error["message"]!, Is.EqualTo(((string)nowhere.Error["message"]!).Replace("no_such", "tickets_read", StringComparison.Ordinal)), "alike");
        Assert.That(new[] { prompt, resource, completion }.Select(reply => reply.Answer["error"]), Has.All.Not.Null);
        Assert.That(elsewhere.IsToolError, Is.False, "it is no access control");
    }

    [Test]
    public async Task What_is_in_the_toolset_works_there_as_anywhere([Values] bool modern)
    {
        var contract = await _support.CallAsync("notes_read", new JsonObject { ["id"] = "7" }, modern);
        var native = await _support.CallAsync("docs_test_simple_text", modern: modern);
        var prompt = await SendAsync(_support, "prompts/get", new JsonObject { ["name"] = "docs_test_simple_prompt" }, modern);
        var resource = await SendAsync(_support, "resources/read", new JsonObject { ["uri"] = "test://static-text" }, modern);
        var completion = await SendAsync(_support, "completion/complete", Completion(), modern);

        Assert.That(new[] { contract, native }.Select(reply => reply.IsToolError), Has.All.False);
        Assert.That(new[] { prompt, resource, completion }.Select(reply => reply.Answer["result"]), Has.All.Not.Null);
    }

    [Test]
    public async Task Scopes_decide_within_a_toolset_as_everywhere([Values] bool modern)
    {
        using var bob = await TestPerson.SignInAsync(ToolsetStage.Gateway, "bob@example.com", "mcp:notes:read");
        using var there = bob.AtToolset("support");
        var list = await SendAsync(there, "tools/list", null, modern);
        var call = await there.CallAsync("notes_write", modern: modern);

        Assert.That(list.ToolNames.Except(BuiltinNames.All), Is.EquivalentTo(["notes_read", "notes_get_help"]));
        Assert.That(call.Status, Is.EqualTo(403));
        Assert.That(call.Headers["WWW-Authenticate"], Does.Contain("mcp:notes:write").And.Contain("/.well-known/oauth-protected-resource/mcp/support\""));
    }

    [Test]
    public async Task Toolset_introduces_itself([Values] bool modern)
    {
        var reply = await IntroduceAsync(_support, modern);
        var whole = await IntroduceAsync(ToolsetStage.Alice, modern);
        var server = ServerInfo(reply, modern);

        Assert.That((string)server["title"]!, Is.EqualTo("Acme: Support desk"));
        Assert.That((string)server["description"]!, Is.EqualTo("Answering customers."));
        Assert.That((string)reply.Result["instructions"]!, Does.StartWith("Look at the note before you answer.\n\n").And.Contain("notes_get_help(topic?)").And.Not.Contain("tickets"));
        Assert.That((string)ServerInfo(whole, modern)["title"]!, Is.EqualTo("Acme"));
        Assert.That((string)whole.Result["instructions"]!, Does.Not.Contain("Look at the note").And.Contain("tickets_get_help(topic?)"));
    }

    [Test]
    public async Task Words_of_native_servers_are_passed_on_to_those_who_see_something_of_theirs([Values] bool modern)
    {
        var inside = (string)(await IntroduceAsync(_support, modern)).Result["instructions"]!;
        var outside = (string)(await IntroduceAsync(_reader, modern)).Result["instructions"]!;
        var document = await SendAsync(_support, "resources/read", new JsonObject { ["uri"] = "cortex://backends/docs" }, modern);

        Assert.That(inside, Does.EndWith("What some apps say of themselves, in their own words:\n\ndocs:\n> A server for the conformance suite."));
        Assert.That(outside, Does.Not.Contain("conformance suite"));
        Assert.That((string)document.Result["contents"]![0]!["text"]!, Does.Contain("> A server for the conformance suite."));
    }

    [Test]
    public async Task Whoami_names_the_toolset_and_the_apps_in_it([Values] bool modern)
    {
        var here = (await _support.CallAsync("whoami", modern: modern)).Result["structuredContent"]!;
        var everywhere = (await ToolsetStage.Alice.CallAsync("whoami", modern: modern)).Result["structuredContent"]!;

        Assert.That((string?)here["toolset"], Is.EqualTo("support"));
        Assert.That(Ids(here), Is.EquivalentTo(["docs", "notes"]));
        Assert.That((string?)everywhere["toolset"], Is.Null);
        Assert.That(Ids(everywhere), Is.EquivalentTo(["dark", "docs", "notes", "tickets"]));
    }

    [Test]
    public async Task Toolset_that_is_searched_lists_finds_and_calls_what_is_in_it([Values] bool modern)
    {
        var list = await SendAsync(_finder, "tools/list", null, modern);
        var found = (await _finder.CallAsync("find_tools", new JsonObject { ["query"] = "read", ["limit"] = 20 }, modern)).Result["structuredContent"]!["tools"]!.AsArray();
        var outside = await _finder.CallAsync("call_tool", new JsonObject { ["name"] = "tickets_read" }, modern);
        var inside = await _finder.CallAsync("call_tool", new JsonObject { ["name"] = "notes_read", ["arguments"] = new JsonObject { ["id"] = "7" } }, modern);

        Assert.That(list.ToolNames, Has.Member("find_tools").And.Member("notes_write").And.No.Member("tickets_read"));
        Assert.That(SchemaOf(list, "notes_read").Count, Is.GreaterThan(1), "pinned");
        Assert.That(SchemaOf(list, "docs_test_simple_text").Count, Is.EqualTo(1), "compact");
        Assert.That(found.Select(tool => (string)tool!["name"]!), Has.Member("notes_read").And.No.Member("tickets_read"));
        Assert.That(outside.ErrorCode, Is.EqualTo(-32602));
        Assert.That(inside.IsToolError, Is.False);
        Assert.That((await ToolsetStage.Alice.ModernAsync("tools/list")).ToolNames, Has.No.Member("find_tools"));
    }

    [Test]
    public async Task Session_counts_at_the_address_where_it_was_opened_and_nowhere_else()
    {
        var session = (await _support.LegacyAsync("initialize", Initialize.DeepClone().AsObject())).Headers["Mcp-Session-Id"];

        Assert.That((await _support.LegacyAsync("ping", session: session)).Status, Is.EqualTo(200));
        Assert.That((await ToolsetStage.Alice.LegacyAsync("ping", session: session)).Status, Is.EqualTo(404));
        Assert.That((await _reader.LegacyAsync("tools/list", session: session)).Status, Is.EqualTo(404));
        Assert.That(await DeleteAsync(_reader, session), Is.EqualTo(404));
        Assert.That(await DeleteAsync(_support, session), Is.EqualTo(204));
    }

    [Test]
    public async Task Batch_is_served_by_the_toolset()
    {
        static string Call(int id, string name) => $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"{{{name}}}"} }""";
        var reply = await _support.PostAsync($"[{Call(1, "notes_read")},{Call(2, "tickets_read")}]", request => request.Headers.Add("MCP-Protocol-Version", "2025-03-26"));

        Assert.That(reply.Messages.Select(message => message["result"] is not null), Is.EqualTo(new[] { true, false }));
    }

    [TestCase("/mcp/nowhere")]
    [TestCase("/mcp/Support")]
    [TestCase("/mcp/support/deeper")]
    public async Task Address_of_no_toolset_is_not_found(string path)
    {
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Get, HttpMethod.Delete })
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
            using var reply = await ToolsetStage.Alice.Http.SendAsync(request);
            Assert.That((int)reply.StatusCode, Is.EqualTo(404), method.Method);
        }
    }

    private static Task<McpReply> SendAsync(TestPerson person, string method, JsonObject? parameters, bool modern) => ToolsetStage.SendAsync(person, method, parameters, modern);

    private static Task<McpReply> IntroduceAsync(TestPerson person, bool modern) =>
        modern ? person.ModernAsync("server/discover") : person.LegacyAsync("initialize", Initialize.DeepClone().AsObject());

    private static JsonNode ServerInfo(McpReply reply, bool modern) =>
        modern ? reply.Result["_meta"]!["io.modelcontextprotocol/serverInfo"]! : reply.Result["serverInfo"]!;

    private static JsonObject Completion() => new()
    {
        ["ref"] = new JsonObject { ["type"] = "ref/prompt", ["name"] = "docs_test_prompt_with_arguments" },
        ["argument"] = new JsonObject { ["name"] = "arg1", ["value"] = "a" },
    };

    private static IEnumerable<string> Names(McpReply list, string member) => list.Result[member]!.AsArray().Select(item => (string)item!["name"]!);

    private static IEnumerable<string> Ids(JsonNode whoami) => whoami["apps"]!.AsArray().Select(app => (string)app!["id"]!);

    private static JsonObject SchemaOf(McpReply list, string tool) =>
        list.Result["tools"]!.AsArray().Single(each => (string)each!["name"]! == tool)!["inputSchema"]!.AsObject();

    private static async Task<int> DeleteAsync(TestPerson person, string session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, new Uri(person.Path, UriKind.Relative));
        request.Headers.Add("Mcp-Session-Id", session);
        using var reply = await person.Http.SendAsync(request);
        return (int)reply.StatusCode;
    }
}
