using System.Text.Json.Nodes;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Conformance;
using Cortex.Tests.Mcp.Streams;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>Two native servers and a contract backend with the same resource URIs, before clients of both eras.</summary>
internal sealed class SharedResourceTests
{
    private const string Text = "test://static-text";
    private const string Template = "test://template/{id}/data";
    private const string Concrete = "test://template/5/data";

    private ConformanceServer _first = null!;
    private ConformanceServer _second = null!;
    private CaptureBackend _third = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _first = await ConformanceServer.StartAsync();
        _second = await ConformanceServer.StartAsync();
        _third = await CaptureBackend.StartAsync();
        _third.ListTools(CaptureBackend.Tool("read", "mcp:third"));
        _third.Reply("list_prompts", """{"prompts":[{"name":"p","scope":"mcp:third"}]}""");
        _third.Reply("list_resource_templates", $$"""{"resourceTemplates":[{"uriTemplate":"{{Template}}","name":"t","scope":"mcp:third"}]}""");
        _gateway = await GatewayHost.StartAsync($$"""
            backends:
              first: { kind: mcp, url: "{{_first.Url}}" }
              second: { kind: mcp, url: "{{_second.Url}}" }
              third: { url: "{{_third.Url}}" }
            """);
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:first mcp:second mcp:third");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _alice.Dispose();
        await _gateway.DisposeAsync();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await _third.DisposeAsync();
    }

    [Test]
    public async Task Lists_show_each_backends_resource_under_a_uri_of_its_own([Values] bool modern)
    {
        var resources = (await SendAsync("resources/list", [], modern)).Result["resources"]!.AsArray().Select(resource => (string)resource!["uri"]!);
        Assert.That(resources, Has.Member(Text).And.Member($"cortex+second+{Text}").And.Exactly(6).Items);
        var templates = (await SendAsync("resources/templates/list", [], modern)).Result["resourceTemplates"]!.AsArray().Select(template => (string)template!["uriTemplate"]!);
        Assert.That(templates, Is.EquivalentTo(new[] { Template, $"cortex+second+{Template}", $"cortex+third+{Template}" }));
    }

    [Test]
    public async Task ResourcesRead_reaches_the_server_that_was_meant_under_its_own_uri([Values] bool modern, [Values(Text, Concrete)] string uri)
    {
        foreach (var (server, other, known) in new[] { (_first, _second, uri), (_second, _first, $"cortex+second+{uri}") })
        {
            var before = other.Calls("resources/read").Count;
            var reply = await SendAsync("resources/read", new JsonObject { ["uri"] = known }, modern);
            Assert.That((string)reply.Result["contents"]![0]!["uri"]!, Is.EqualTo(known));
            Assert.That(reply.Body, Does.Contain(uri == Text ? "This is the content" : "Data for ID: 5"));
            var call = server.Calls("resources/read")[^1];
            Assert.That((string)JsonNode.Parse(call.Body)!["params"]!["uri"]!, Is.EqualTo(uri));
            Assert.That(call.Header("Mcp-Name") ?? uri, Is.EqualTo(uri));
            Assert.That(other.Calls("resources/read"), Has.Count.EqualTo(before));
        }
    }

    [Test]
    public async Task ResourcesRead_of_what_is_not_listed_is_answered_by_the_server_the_uri_names([Values] bool modern)
    {
        var reply = await SendAsync("resources/read", new JsonObject { ["uri"] = "cortex+second+test://nope" }, modern);
        Assert.That((string)reply.Error["message"]!, Does.Contain("'test://nope'"));
        Assert.That(_second.Calls("resources/read")[^1].Body, Does.Contain("\"test://nope\""));
    }

    [Test]
    public async Task ToolsCall_names_resources_so_that_they_lead_back([Values] bool modern)
    {
        foreach (var (tool, expected) in new[] { ("first_test_embedded_resource", "test://embedded-resource"), ("second_test_embedded_resource", "cortex+second+test://embedded-resource") })
        {
            var reply = await _alice.CallAsync(tool, modern: modern);
            Assert.That((string)reply.Result["content"]![0]!["resource"]!["uri"]!, Is.EqualTo(expected));
        }
    }

    [Test]
    public async Task PromptsGet_names_resources_so_that_they_lead_back([Values] bool modern)
    {
        var reply = await SendAsync("prompts/get", Prompt("second_test_prompt_with_embedded_resource", Text), modern);
        Assert.That((string)reply.Result["messages"]![0]!["content"]!["resource"]!["uri"]!, Is.EqualTo($"cortex+second+{Text}"));
        var first = await SendAsync("prompts/get", Prompt("first_test_prompt_with_embedded_resource", Text), modern);
        Assert.That((string)first.Result["messages"]![0]!["content"]!["resource"]!["uri"]!, Is.EqualTo(Text));

        static JsonObject Prompt(string name, string uri) => new() { ["name"] = name, ["arguments"] = new JsonObject { ["resourceUri"] = uri } };
    }

    [Test]
    public async Task CompletionComplete_names_the_servers_own_template([Values] bool modern)
    {
        var reply = await SendAsync("completion/complete", new JsonObject
        {
            ["ref"] = new JsonObject { ["type"] = "ref/resource", ["uri"] = $"cortex+second+{Template}" },
            ["argument"] = new JsonObject { ["name"] = "id", ["value"] = "pa" },
        }, modern);
        Assert.That(reply.Result["completion"]!["values"]!.AsArray(), Has.Count.EqualTo(3));
        Assert.That((string)JsonNode.Parse(_second.Calls("completion/complete")[^1].Body)!["params"]!["ref"]!["uri"]!, Is.EqualTo(Template));
    }

    [Test]
    public async Task Update_is_heard_of_the_server_that_was_meant_under_the_uri_that_is_watched([Values] bool modern)
    {
        const string watched = $"cortex+second+{FixtureResources.Watched}";
        await using var stream = await WatchAsync(watched, modern);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (Updated(stream).Length == 0)
        {
            await _first.Subscriptions.UpdateAsync(FixtureResources.Watched, deadline.Token);
            await _second.Subscriptions.UpdateAsync(FixtureResources.Watched, deadline.Token);
            await Task.Delay(50, deadline.Token);
        }

        Assert.That(Updated(stream), Has.All.EqualTo(watched));
    }

    [Test]
    public async Task Contract_backend_is_asked_for_its_own_uri_and_its_result_leads_back([Values] bool modern)
    {
        _third.Reply("read_resource", $$"""{"contents":[{"uri":"{{Concrete}}","text":"A","x":1.0},{"uri":"other://y","text":"B"}]}""");
        var reply = await SendAsync("resources/read", new JsonObject { ["uri"] = $"cortex+third+{Concrete}" }, modern);
        Assert.That(reply.Result["contents"]!.AsArray().Select(content => (string)content!["uri"]!), Is.EqualTo(new[] { $"cortex+third+{Concrete}", "other://y" }));
        Assert.That((string)JsonNode.Parse(_third.Calls("read_resource")[^1].Body)!["params"]!["uri"]!, Is.EqualTo(Concrete));
        _third.Reply("read_resource", 404, """{"error":"gone"}""");
        var gone = await SendAsync("resources/read", new JsonObject { ["uri"] = $"cortex+third+{Concrete}" }, modern);
        Assert.That((string)gone.Error["data"]!["uri"]!, Is.EqualTo($"cortex+third+{Concrete}"));
    }

    [Test]
    public async Task Prompt_of_a_contract_backend_names_resources_so_that_they_lead_back([Values] bool modern)
    {
        _third.Reply("get_prompt", $$$$"""
            {"messages":[
              {"role":"user","content":{"type":"resource","resource":{"uri":"{{{{Concrete}}}}","text":"A"}}},
              {"role":"user","content":[{"type":"resource_link","uri":"{{{{Concrete}}}}","name":"l"},{"type":"text","text":"{{{{Concrete}}}}"}]}]}
            """);
        var reply = await SendAsync("prompts/get", new JsonObject { ["name"] = "third_p" }, modern);
        var messages = reply.Result["messages"]!;
        Assert.That((string)messages[0]!["content"]!["resource"]!["uri"]!, Is.EqualTo($"cortex+third+{Concrete}"));
        Assert.That((string)messages[1]!["content"]![0]!["uri"]!, Is.EqualTo($"cortex+third+{Concrete}"));
        Assert.That((string)messages[1]!["content"]![1]!["text"]!, Is.EqualTo(Concrete));
    }

    [Test]
    public async Task Prompt_of_a_contract_backend_that_says_a_uri_twice_is_refused([Values] bool modern)
    {
        _third.Reply("get_prompt", """{"messages":[{"role":"user","content":{"type":"resource_link","uri":"test://a","uri":"test://b"}}]}""");
        var reply = await SendAsync("prompts/get", new JsonObject { ["name"] = "third_p" }, modern);
        Assert.That(reply.ErrorCode, Is.EqualTo(-32603));
    }

    private async Task<TestStream> WatchAsync(string uri, bool modern)
    {
        if (modern)
            return await TestStream.ListenAsync(_alice, _gateway, new JsonObject { ["resourceSubscriptions"] = new JsonArray(uri) });
        var session = await SessionStreamTests.OpenSessionAsync(_alice);
        await _alice.LegacyAsync("resources/subscribe", new JsonObject { ["uri"] = uri }, session);
        return await TestStream.GetAsync(_alice, _gateway, session);
    }

    private static string[] Updated(TestStream stream) =>
        [.. stream.Events.Where(item => (string?)item.Message?["method"] == "notifications/resources/updated").Select(item => (string)item.Message!["params"]!["uri"]!)];

    private Task<McpReply> SendAsync(string method, JsonObject parameters, bool modern) =>
        modern ? _alice.ModernAsync(method, parameters) : _alice.LegacyAsync(method, parameters);
}
