using System.Text.Json.Nodes;
using Cortex.Identity.Vault;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Mcp.Links;

/// <summary>A person who has linked nothing: what their client is told, in its own terms, and nothing goes out.</summary>
internal sealed class LinkAnswerTests
{
    private const string OpensUrls = """{"elicitation":{"form":{},"url":{}}}""";

    private LinkedCallStage _stage = null!;
    private TestPerson _person = null!;
    private GrantKey _key;

    private static IEnumerable<TestCaseData> Methods()
    {
        yield return new TestCaseData("prompts/get", """{"name":"test_simple_prompt"}""");
        yield return new TestCaseData("resources/read", """{"uri":"test://static-text"}""");
        yield return new TestCaseData("resources/read", """{"uri":"test://template/7/data"}""");
        yield return new TestCaseData("completion/complete", """{"ref":{"type":"ref/prompt","name":"test_prompt_with_arguments"},"argument":{"name":"arg1","value":"par"}}""");
    }

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _stage = await LinkedCallStage.StartAsync();
        (_person, _key) = await _stage.NewPersonAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _person.Dispose();
        await _stage.DisposeAsync();
    }

    /// <remarks><see href="https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation#url-elicitation-required-error"/></remarks>
    [Test]
    public async Task Legacy_client_that_opens_addresses_gets_the_error_that_asks_it_to()
    {
        var session = await LegacySession.OpenAsync(_person, _stage.Gateway, OpensUrls);

        var reply = await session.SendAsync("tools/call", Call());

        Assert.That((reply.Status, reply.ErrorCode), Is.EqualTo((200, -32042)));
        var elicitation = reply.Error["data"]!["elicitations"]!.AsArray().Single()!;
        Assert.That((string)elicitation["mode"]!, Is.EqualTo("url"));
        Assert.That((string)elicitation["message"]!, Does.Contain("test_simple_text"));
        var request = _stage.Read((string)elicitation["url"]!);
        Assert.That((request.Person, request.ElicitationId), Is.EqualTo((_key.Person, (string)elicitation["elicitationId"]!)));
        NothingLeaked(reply);
    }

    [Test]
    public async Task It_is_told_on_its_own_stream_once_the_account_is_linked()
    {
        var (person, key) = await _stage.NewPersonAsync();
        using var owned = person;
        var session = await LegacySession.OpenAsync(person, _stage.Gateway, OpensUrls);
        var other = await LegacySession.OpenAsync(person, _stage.Gateway, OpensUrls);
        await using var stream = await TestStream.GetAsync(person, _stage.Gateway, session.Id);
        await using var otherStream = await TestStream.GetAsync(person, _stage.Gateway, other.Id);
        var asked = await session.SendAsync("tools/call", Call());

        await _stage.LinkAsync(key, "linked-meanwhile");

        await stream.UntilAsync("notifications/elicitation/complete");
        var told = stream.Events.Single(each => (string?)each.Message?["method"] == "notifications/elicitation/complete").Message!;
        Assert.That((string)told["params"]!["elicitationId"]!, Is.EqualTo((string)asked.Error["data"]!["elicitations"]![0]!["elicitationId"]!));
        Assert.That(otherStream.Methods, Has.No.Member("notifications/elicitation/complete"));
        Assert.That((await session.SendAsync("tools/call", Call())).IsToolError, Is.False);
    }

    [TestCaseSource(nameof(Methods))]
    public async Task So_it_does_for_every_other_method(string method, string parameters)
    {
        var session = await LegacySession.OpenAsync(_person, _stage.Gateway, OpensUrls);

        var reply = await session.SendAsync(method, JsonNode.Parse(parameters)!.AsObject());

        Assert.That((reply.Status, reply.ErrorCode), Is.EqualTo((200, -32042)));
        _stage.Read((string)reply.Error["data"]!["elicitations"]![0]!["url"]!);
    }

    [Test]
    public async Task Subscription_of_a_resource_asks_for_the_link_as_well()
    {
        var session = await LegacySession.OpenAsync(_person, _stage.Gateway, OpensUrls);

        var reply = await session.SendAsync("resources/subscribe", new JsonObject { ["uri"] = "test://watched-resource" });

        Assert.That(reply.ErrorCode, Is.EqualTo(-32042), reply.Body);
    }

    [TestCase("2025-11-25", "{}")]
    [TestCase("2025-11-25", """{"elicitation":{}}""")]
    [TestCase("2025-06-18", OpensUrls)]
    [TestCase("2025-03-26", OpensUrls)]
    public async Task Legacy_client_that_does_not_gets_a_tool_result_with_the_address(string version, string capabilities)
    {
        var session = await LegacySession.OpenAsync(_person, _stage.Gateway, capabilities, version);

        var reply = await session.SendAsync("tools/call", Call());

        Assert.That(reply.IsToolError, reply.Body);
        Assert.That(reply.Text, Does.Contain("linked none yet").And.Contain("call 'test_simple_text' again"));
        Assert.That(_stage.ReadFrom(reply.Text).Person, Is.EqualTo(_key.Person));
        NothingLeaked(reply);
    }

    [TestCaseSource(nameof(Methods))]
    public async Task Other_methods_of_such_clients_get_an_error_with_the_address(string method, string parameters)
    {
        var session = await LegacySession.OpenAsync(_person, _stage.Gateway);
        foreach (var reply in new[] { await session.SendAsync(method, JsonNode.Parse(parameters)!.AsObject()), await _person.ModernAsync(method, JsonNode.Parse(parameters)!.AsObject()) })
        {
            Assert.That((reply.Status, reply.ErrorCode), Is.EqualTo((200, -32603)), reply.Body);
            var address = (string)reply.Error["data"]!["url"]!;
            Assert.That((string)reply.Error["message"]!, Does.Contain(address));
            Assert.That(_stage.Read(address).Person, Is.EqualTo(_key.Person));
            NothingLeaked(reply);
        }
    }

    [TestCase("{}")]
    [TestCase("""{"elicitation":{}}""")]
    [TestCase("""{"elicitation":{"form":{}}}""")]
    public async Task Modern_client_that_does_not_open_addresses_gets_a_tool_result_with_the_address(string capabilities)
    {
        var reply = await _person.ModernAsync("tools/call", Call(capabilities));

        Assert.That(reply.IsToolError, reply.Body);
        Assert.That((string?)reply.Result["resultType"], Is.EqualTo("complete"));
        _stage.ReadFrom(reply.Text);
        NothingLeaked(reply);
    }

    /// <remarks><see href="https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#url-mode-elicitation-requests"/></remarks>
    [TestCase("tools/call", """{"name":"test_simple_text"}""")]
    [TestCase("prompts/get", """{"name":"test_simple_prompt"}""")]
    [TestCase("resources/read", """{"uri":"test://static-text"}""")]
    public async Task Modern_client_that_opens_addresses_is_asked_to_and_its_retry_is_done_once_the_account_is_linked(string method, string parameters)
    {
        var (person, key) = await _stage.NewPersonAsync();
        using var owned = person;
        var first = await person.ModernAsync(method, With(parameters));

        Assert.That((string?)first.Result["resultType"], Is.EqualTo("input_required"), first.Body);
        var (name, question) = first.Result["inputRequests"]!.AsObject().Single();
        Assert.That((string)question!["method"]!, Is.EqualTo("elicitation/create"));
        Assert.That((string)question["params"]!["mode"]!, Is.EqualTo("url"));
        Assert.That(question["params"]!.AsObject().Select(member => member.Key), Is.EquivalentTo(new[] { "mode", "message", "url" }), "this era has no elicitation id");
        Assert.That(_stage.Read((string)question["params"]!["url"]!).Person, Is.EqualTo(key.Person));
        await _stage.LinkAsync(key, $"token-of-{method}");

        var second = await person.ModernAsync(method, Retry(With(parameters), first, name, "accept"));

        Assert.That((string?)second.Result["resultType"], Is.EqualTo("complete"), second.Body);
        var call = _stage.Server.Calls(method)[^1];
        Assert.That(call.Bearer, Is.EqualTo($"token-of-{method}"));
        Assert.That(call.Body, Does.Not.Contain("requestState").And.Not.Contain("inputResponses"), "that round was not the server's");
    }

    [Test]
    public async Task Completion_knows_no_such_result()
    {
        var reply = await _person.ModernAsync("completion/complete", With("""{"ref":{"type":"ref/prompt","name":"test_prompt_with_arguments"},"argument":{"name":"arg1","value":"par"}}"""));

        Assert.That(reply.ErrorCode, Is.EqualTo(-32603), reply.Body);
    }

    [TestCase("decline", "chose not to link")]
    [TestCase("cancel", "chose not to link")]
    [TestCase("accept", "has not finished linking")]
    public async Task Person_who_did_not_link_is_not_asked_in_a_circle(string action, string expected)
    {
        var first = await _person.ModernAsync("tools/call", Call(OpensUrls));

        var second = await _person.ModernAsync("tools/call", Retry(Call(OpensUrls), first, "link_account", action));

        Assert.That(second.IsToolError, second.Body);
        Assert.That(second.Text, Does.Contain(expected));
        _stage.ReadFrom(second.Text);
    }

    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("""{"link_account":5}""")]
    [TestCase("""{"link_account":{"action":"maybe"}}""")]
    public async Task Answer_that_says_nothing_is_asked_for_again(string responses)
    {
        var first = await _person.ModernAsync("tools/call", Call(OpensUrls));
        var parameters = Call(OpensUrls);
        parameters["requestState"] = first.Result["requestState"]!.DeepClone();
        parameters["inputResponses"] = JsonNode.Parse(responses);

        var second = await _person.ModernAsync("tools/call", parameters);

        Assert.That((string?)second.Result["resultType"], Is.EqualTo("input_required"), second.Body);
    }

    [Test]
    public async Task State_of_another_person_or_another_call_is_refused()
    {
        var (other, _) = await _stage.NewPersonAsync();
        using var owned = other;
        var first = await _person.ModernAsync("tools/call", Call(OpensUrls));
        var elsewhere = With("""{"name":"test_image_content"}""");

        Assert.That((await other.ModernAsync("tools/call", Retry(Call(OpensUrls), first, "link_account", "accept"))).ErrorCode, Is.EqualTo(-32602));
        Assert.That((await _person.ModernAsync("tools/call", Retry(elsewhere, first, "link_account", "accept"))).ErrorCode, Is.EqualTo(-32602));
    }

    [Test]
    public async Task Call_whose_person_is_just_linking_waits_for_them()
    {
        await using var stage = await LinkedCallStage.StartAsync(TimeSpan.FromMinutes(1));
        var (person, key) = await stage.NewPersonAsync();
        using var owned = person;
        var first = await person.ModernAsync("tools/call", Call(OpensUrls));

        var second = person.ModernAsync("tools/call", Retry(Call(OpensUrls), first, "link_account", "accept"));
        await stage.LinkAsync(key, "just-linked");

        Assert.That((await second).IsToolError, Is.False);
        Assert.That(stage.Tokens(), Is.EqualTo(new[] { "just-linked" }));
    }

    private static JsonObject Call(string capabilities = "{}") => With("""{"name":"test_simple_text","arguments":{}}""", capabilities);

    private static JsonObject With(string parameters, string capabilities = OpensUrls)
    {
        var whole = JsonNode.Parse(parameters)!.AsObject();
        whole["_meta"] = new JsonObject { ["io.modelcontextprotocol/clientCapabilities"] = JsonNode.Parse(capabilities) };
        return whole;
    }

    private static JsonObject Retry(JsonObject parameters, McpReply first, string name, string action)
    {
        parameters["requestState"] = first.Result["requestState"]!.DeepClone();
        parameters["inputResponses"] = new JsonObject { [name] = new JsonObject { ["action"] = action } };
        return parameters;
    }

    private void NothingLeaked(McpReply reply)
    {
        Assert.That(reply.Headers.Keys, Has.No.Member("WWW-Authenticate"));
        Assert.That(reply.Body, Does.Not.Contain("the-provider"));
        Assert.That(_stage.Server.Calls("tools/call").Select(call => call.Bearer), Has.None.Null);
    }
}
