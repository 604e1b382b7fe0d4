using System.Text.Json.Nodes;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>Prompts, resources, templates and completion of contract backends, in both eras.</summary>
internal sealed class ContractPromptTests
{
    private CaptureBackend _backend = null!;
    private CaptureBackend _plain = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _backend = await CaptureBackend.StartAsync();
        _backend.ListTools(CaptureBackend.Tool("read", "mcp:docs:read"));
        _backend.Reply("list_prompts", """{"prompts":[{"name":"review","description":"Review.","scope":"mcp:docs:read","arguments":[{"name":"code","required":true}],"x-own":1},{"name":"secret","scope":"mcp:docs:admin"}]}""");
        _backend.Reply("list_resource_templates", """{"resourceTemplates":[{"uriTemplate":"docs://{id}","name":"doc","scope":"mcp:docs:read"}]}""");
        _plain = await CaptureBackend.StartAsync();
        _plain.ListTools(CaptureBackend.Tool("read", "mcp:docs:read"));
        _plain.Reply("list_prompts", 400, """{"error":"unknown method"}""");
        _plain.Reply("list_resource_templates", 404, "");
        _gateway = await GatewayHost.StartAsync($$"""
            backends:
              docs: { url: "{{_backend.Url}}" }
              plain: { url: "{{_plain.Url}}" }
            """);
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:docs:read");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _alice.Dispose();
        await _gateway.DisposeAsync();
        await _backend.DisposeAsync();
        await _plain.DisposeAsync();
    }

    [Test]
    public async Task PromptsList_shows_what_the_scopes_allow_under_the_prefix([Values] bool modern)
    {
        var reply = await SendAsync("prompts/list", [], modern);
        var prompt = reply.Result["prompts"]!.AsArray().Single()!;
        Assert.That((string)prompt["name"]!, Is.EqualTo("docs_review"));
        Assert.That((int)prompt["x-own"]!, Is.EqualTo(1));
        Assert.That(prompt["scope"], Is.Null);
    }

    [Test]
    public async Task PromptsGet_reaches_the_backend_as_get_prompt([Values] bool modern)
    {
        _backend.Reply("get_prompt", """{"description":"d","messages":[{"role":"user","content":{"type":"text","text":"hi"}}],"_meta":{"own":1}}""");
        var reply = await SendAsync("prompts/get", new JsonObject { ["name"] = "docs_review", ["arguments"] = new JsonObject { ["code"] = "x" } }, modern);
        Assert.That((string)reply.Result["messages"]![0]!["content"]!["text"]!, Is.EqualTo("hi"));
        Assert.That((int)reply.Result["_meta"]!["own"]!, Is.EqualTo(1));
        Assert.That((string?)reply.Result["resultType"], Is.EqualTo(modern ? "complete" : null));
        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(_backend.Calls("get_prompt")[^1].Body)!["params"], JsonNode.Parse("""{"name":"review","arguments":{"code":"x"}}""")));
    }

    [Test]
    public async Task ResourcesRead_reaches_the_owner_of_the_template([Values] bool modern)
    {
        _backend.Reply("read_resource", """{"contents":[{"uri":"docs://a","text":"A"}]}""");
        var templates = await SendAsync("resources/templates/list", [], modern);
        Assert.That((string)templates.Result["resourceTemplates"]![0]!["uriTemplate"]!, Is.EqualTo("docs://{id}"));
        var reply = await SendAsync("resources/read", new JsonObject { ["uri"] = "docs://a" }, modern);
        Assert.That((string)reply.Result["contents"]![0]!["text"]!, Is.EqualTo("A"));
        Assert.That((string?)reply.Result["cacheScope"], Is.EqualTo(modern ? "private" : null));
        Assert.That(_backend.Calls("read_resource")[^1].Body, Does.Contain("\"docs://a\""));
    }

    [Test]
    public async Task Resource_nobody_answers_for_has_the_code_of_the_era([Values] bool modern)
    {
        var reply = await SendAsync("resources/read", new JsonObject { ["uri"] = "nowhere://a" }, modern);
        Assert.That(reply.ErrorCode, Is.EqualTo(modern ? -32602 : -32002));
        _backend.Reply("read_resource", 404, """{"error":"no such doc"}""");
        var gone = await SendAsync("resources/read", new JsonObject { ["uri"] = "docs://gone" }, modern);
        Assert.That(gone.ErrorCode, Is.EqualTo(modern ? -32602 : -32002));
    }

    [Test]
    public async Task Failure_of_a_prompt_is_an_error_with_the_trace_id([Values] bool modern)
    {
        _backend.Reply("get_prompt", 403, """{"error":"not yours"}""");
        var reply = await SendAsync("prompts/get", new JsonObject { ["name"] = "docs_review" }, modern);
        Assert.That(reply.ErrorCode, Is.EqualTo(-32603));
        Assert.That((string)reply.Error["message"]!, Does.Contain("not yours"));
        Assert.That((string)reply.Error["data"]!["cortex.dev/traceId"]!, Has.Length.EqualTo(32));
        _backend.Reply("get_prompt", """{"no":"messages"}""");
        Assert.That((await SendAsync("prompts/get", new JsonObject { ["name"] = "docs_review" }, modern)).ErrorCode, Is.EqualTo(-32603));
    }

    [Test]
    public async Task Prompt_outside_the_scopes_is_a_challenge_and_an_unknown_one_an_error([Values] bool modern)
    {
        var secret = await SendAsync("prompts/get", new JsonObject { ["name"] = "docs_secret" }, modern);
        Assert.That(secret.Status, Is.EqualTo(403));
        Assert.That(secret.Headers["WWW-Authenticate"], Does.Contain("mcp:docs:admin"));
        Assert.That((await SendAsync("prompts/get", new JsonObject { ["name"] = "docs_none" }, modern)).ErrorCode, Is.EqualTo(-32602));
    }

    [Test]
    public async Task Completion_of_a_contract_backend_has_no_values([Values] bool modern)
    {
        var reply = await SendAsync("completion/complete", new JsonObject
        {
            ["ref"] = new JsonObject { ["type"] = "ref/prompt", ["name"] = "docs_review" },
            ["argument"] = new JsonObject { ["name"] = "code", ["value"] = "x" },
        }, modern);
        Assert.That(reply.Result["completion"]!["values"]!.AsArray(), Is.Empty);
        var unknown = await SendAsync("completion/complete", new JsonObject { ["ref"] = new JsonObject { ["type"] = "ref/prompt", ["name"] = "x" } }, modern);
        Assert.That(unknown.ErrorCode, Is.EqualTo(-32602));
    }

    [Test]
    public async Task Backend_without_the_optional_methods_is_none_the_worse()
    {
        Assert.That((await _alice.ModernAsync("tools/list")).ToolNames, Is.EqualTo(new[] { "docs_read", "plain_read" }));
        using var http = new HttpClient();
        Assert.That(await http.GetStringAsync(new Uri($"{_gateway.Url}/readyz")), Does.Not.Contain("degraded"));
    }

    private Task<McpReply> SendAsync(string method, JsonObject parameters, bool modern) =>
        modern ? _alice.ModernAsync(method, parameters) : _alice.LegacyAsync(method, parameters);
}
