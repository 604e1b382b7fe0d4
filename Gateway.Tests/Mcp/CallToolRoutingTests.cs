using System.Text;
using System.Text.Json.Nodes;
using Cortex.Foundation.Model;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;
using Cortex.Mcp;
using Cortex.Mcp.Wire;
using Cortex.Tests.Catalog.Search;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>A <c>call_tool</c> is decided on as the call within it.</summary>
internal sealed class CallToolRoutingTests
{
    private static readonly McpRouter Router = new([], new EntitlementPolicy(new FixedOptions<IdentityOptions>(new IdentityOptions())));

    [Test]
    public void Decision_is_that_of_the_direct_call_for_any_tool_and_any_scopes([Values] bool modern)
    {
        var era = modern ? Era.Modern : Era.Legacy;
        var tools = PublicTools.Snapshot.Items.Where(item => item.Scope is not null).ToList();
        var servers = tools.Select(tool => tool.Backend.Id.Value).Distinct().ToList();
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var held = PublicTools.ScopesOf(servers.Where(_ => random.Next(2) == 0));
            var caller = Caller(held);
            var tool = tools[random.Next(tools.Count)];
            var direct = Route(Call(tool.PublicName, new JsonObject { ["seed"] = seed }), era, caller);
            var wrapped = Route(Call("call_tool", new JsonObject { ["name"] = tool.PublicName, ["arguments"] = new JsonObject { ["seed"] = seed } }), era, caller);

            Assert.That(wrapped, Is.InstanceOf<McpDecision.Unwrap>());
            var unwrap = (McpDecision.Unwrap)wrapped;
            Assert.That(unwrap.Decision, Is.EqualTo(direct));
            Assert.That(unwrap.Decision is McpDecision.Forward, Is.EqualTo(held.Contains(tool.Scope!.Value)), "what scopes forbid is not run");
            Assert.That(JsonNode.DeepEquals(JsonNode.Parse(unwrap.Inner.Body.Span), Call(tool.PublicName, new JsonObject { ["seed"] = seed })), "and it is the direct call from here on");
        }
    }

    [Test]
    public void Everything_beside_the_call_stays_as_it_was()
    {
        var body = """{"jsonrpc":"2.0", "id":"7" ,"method":"tools/call","params":{"_meta":{"progressToken":3},"arguments":{"arguments":{"a": 1.0},"name":"github_create_\u0069ssue"},"requestState":"s","name":"call_tool","x":[ ]}}""";
        var unwrap = (McpDecision.Unwrap)Route(body, Era.Legacy, Caller(PublicTools.ScopesOf("github")));
        Assert.That(Encoding.UTF8.GetString(unwrap.Inner.Body.Span), Is.EqualTo(
            """{"jsonrpc":"2.0", "id":"7" ,"method":"tools/call","params":{"_meta":{"progressToken":3},"arguments":{"a": 1.0},"requestState":"s","name":"github_create_\u0069ssue","x":[ ]}}"""));
        Assert.That(unwrap.Decision, Is.InstanceOf<McpDecision.Forward>());
    }

    [Test]
    public void Call_without_arguments_gets_none()
    {
        var unwrap = (McpDecision.Unwrap)Route(Call("call_tool", new JsonObject { ["name"] = "github_create_issue" }), Era.Legacy, Caller(PublicTools.ScopesOf("github")));
        Assert.That(JsonNode.Parse(unwrap.Inner.Body.Span)!["params"]!["arguments"]!.ToJsonString(), Is.EqualTo("{}"));
    }

    [Test]
    public void Unknown_tool_is_refused_as_by_its_own_name()
    {
        var direct = Route(Call("no_such", new JsonObject()), Era.Modern, Caller(PublicTools.AllScopes));
        var wrapped = (McpDecision.Unwrap)Route(Call("call_tool", new JsonObject { ["name"] = "no_such" }), Era.Modern, Caller(PublicTools.AllScopes));
        Assert.That(wrapped.Decision, Is.EqualTo(direct).And.InstanceOf<McpDecision.Reject>());
    }

    [TestCase("""{"name":"call_tool","arguments":{"name":"github_create_issue"}}""")]
    [TestCase("""{"name":"github_create_issue","arguments":"{}"}""")]
    [TestCase("""{"name":"github_create_issue","name":"slack_slack_post_message"}""")]
    [TestCase("{}")]
    public void Call_that_holds_none_is_answered_by_the_builtin_itself(string arguments)
    {
        var decision = Route(Call("call_tool", arguments), Era.Modern, Caller(PublicTools.AllScopes));
        Assert.That(decision, Is.InstanceOf<McpDecision.Builtin>());
    }

    private static McpDecision Route(JsonObject body, Era era, Caller caller) => Route(body.ToJsonString(), era, caller);

    private static McpDecision Route(string body, Era era, Caller caller)
    {
        Assert.That(McpMessage.TryRead(Encoding.UTF8.GetBytes(body), 64, out var message, out _).IsNone);
        return Router.Route(message!, era, caller, PublicTools.Snapshot);
    }

    private static JsonObject Call(string name, JsonObject arguments) => new()
    {
        ["jsonrpc"] = "2.0",
        ["id"] = 1,
        ["method"] = "tools/call",
        ["params"] = new JsonObject { ["name"] = name, ["arguments"] = arguments },
    };

    private static string Call(string name, string arguments) => $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{name}}}","arguments":{{{arguments}}} } }""";

    private static Caller Caller(ScopeSet scopes) => new(null, "client", "issuer", "id", "hash", scopes, scopes, null, DateTimeOffset.MaxValue);
}
