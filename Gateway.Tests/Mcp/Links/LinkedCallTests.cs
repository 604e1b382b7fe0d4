using System.Text.Json.Nodes;
using Cortex.Foundation.Storage;
using Cortex.Identity.Vault;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Identity.Vault;
using Dapper;
using NUnit.Framework;

namespace Cortex.Tests.Mcp.Links;

/// <summary>Calls under persons' own grants, in both eras: whose token arrives, and what a server's refusal of it leads to.</summary>
internal sealed class LinkedCallTests
{
    private const string Tool = "test_simple_text";

    private LinkedCallStage _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await LinkedCallStage.StartAsync();

    [SetUp]
    public void Accept() => (_stage.RefusesAll, _stage.Forbidden) = (false, null);

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [TestCase("tools/call", """{"name":"test_simple_text"}""")]
    [TestCase("prompts/get", """{"name":"test_simple_prompt"}""")]
    [TestCase("resources/read", """{"uri":"test://static-text"}""")]
    [TestCase("resources/read", """{"uri":"test://template/7/data"}""")]
    [TestCase("completion/complete", """{"ref":{"type":"ref/prompt","name":"test_prompt_with_arguments"},"argument":{"name":"arg1","value":"par"}}""")]
    public async Task Each_person_speaks_with_their_own_token(string method, string parameters)
    {
        var (ada, _) = await _stage.NewLinkedPersonAsync("ada");
        var (bob, _) = await _stage.NewLinkedPersonAsync("bob");
        using var owned = ada;
        using var alsoOwned = bob;
        var before = _stage.Tokens(method).Count;

        foreach (var modern in new[] { true, false })
        {
            foreach (var person in new[] { ada, bob })
            {
                var reply = modern
                    ? await person.ModernAsync(method, JsonNode.Parse(parameters)!.AsObject())
                    : await person.LegacyAsync(method, JsonNode.Parse(parameters)!.AsObject());
                Assert.That(reply.Result, Is.Not.Null, reply.Body);
            }
        }

        Assert.That(_stage.Tokens(method).Skip(before), Is.EqualTo(new[] { "ada", "bob", "ada", "bob" }));
        Assert.That(_stage.Server.Requests.SelectMany(request => request.Headers.Values), Has.None.Contains(ada.AccessToken));
    }

    [Test]
    public async Task Token_that_the_server_refuses_is_renewed_and_the_call_done_in_the_same_session([Values] bool modern)
    {
        var token = $"ended-{modern}";
        var (person, _) = await _stage.NewLinkedPersonAsync(token);
        using var owned = person;
        await CallAsync(person, modern);
        var sessions = _stage.Server.Calls("initialize").Count;
        var (before, refreshes) = (_stage.Tokens().Count, _stage.Provider.Refreshes);
        _stage.Refuse(token);

        var reply = await CallAsync(person, modern);

        Assert.That(reply.IsToolError, Is.False, reply.Body);
        Assert.That(reply.Body, Does.Not.Contain("the provider's own words"));
        Assert.That(reply.Headers.Keys, Has.No.Member("WWW-Authenticate"));
        var tokens = _stage.Tokens().Skip(before).ToList();
        Assert.That(tokens, Has.Count.EqualTo(2));
        Assert.That((tokens[0], tokens[1]!.StartsWith("access-of-refresh", StringComparison.Ordinal)), Is.EqualTo((token, true)));
        Assert.That(_stage.Provider.Refreshes - refreshes, Is.EqualTo(1));
        Assert.That(_stage.Server.Calls("initialize"), Has.Count.EqualTo(sessions), "the session goes on");
    }

    [Test]
    public async Task Session_is_opened_under_a_renewed_token_as_well()
    {
        var (person, _) = await _stage.NewLinkedPersonAsync("ended-before-the-session");
        using var owned = person;
        _stage.Refuse("ended-before-the-session");

        var reply = await CallAsync(person, modern: false);

        Assert.That(reply.IsToolError, Is.False, reply.Body);
    }

    [Test]
    public async Task Server_that_refuses_a_fresh_token_too_has_the_person_link_anew_in_that_same_reply([Values] bool modern)
    {
        var (person, key) = await _stage.NewLinkedPersonAsync("taken-back-at-the-server");
        using var owned = person;
        await CallAsync(person, modern);
        _stage.RefusesAll = true;

        var reply = await CallAsync(person, modern);

        Assert.That((reply.Status, reply.IsToolError), Is.EqualTo((200, true)), reply.Body);
        Assert.That(reply.Text, Does.Contain("must be linked anew"));
        Assert.That(_stage.ReadFrom(reply.Text).Person, Is.EqualTo(key.Person));
        Assert.That(reply.Headers.Keys, Has.No.Member("WWW-Authenticate"));
        Assert.That(await _stage.Vault.FindAsync(key, default), Is.EqualTo(new VaultResult.LinkNeeded(IsAgain: true)));
    }

    [Test]
    public async Task Token_without_a_refresh_token_ends_in_linking_anew()
    {
        var (person, key) = await _stage.NewLinkedPersonAsync("pasted", refreshes: false);
        using var owned = person;
        _stage.Refuse("pasted");

        Assert.That((await person.CallAsync(Tool)).Text, Does.Contain("must be linked anew"));
        Assert.That(await _stage.Vault.FindAsync(key, default), Is.EqualTo(new VaultResult.LinkNeeded(IsAgain: true)));
    }

    [TestCase("https://another.example/mcp")]
    [TestCase("http://127.0.0.1:1/")]
    public async Task Token_that_was_granted_for_another_server_does_not_go_to_this_one(string other)
    {
        var (person, key) = await _stage.NewPersonAsync();
        using var owned = person;
        await _stage.LinkAsync(key, "of-another-server", resource: other);

        Assert.That((await person.CallAsync(Tool)).Text, Does.Contain("must be linked anew"));
        Assert.That(_stage.Tokens(), Has.None.EqualTo("of-another-server"));
    }

    [Test]
    public async Task Provider_that_is_away_costs_the_call_and_not_the_grant()
    {
        var (person, key) = await _stage.NewLinkedPersonAsync("while-away");
        using var owned = person;
        _stage.Refuse("while-away");
        _stage.Provider.Fault = ProviderFault.Unavailable;

        var reply = await person.CallAsync(Tool);
        _stage.Provider.Fault = ProviderFault.None;

        Assert.That(reply.Text, Does.Contain("could not be refreshed just now"));
        Assert.That((await person.CallAsync(Tool)).IsToolError, Is.False);
        Assert.That(await _stage.Vault.FindAsync(key, default), Is.InstanceOf<VaultResult.Granted>());
    }

    [Test]
    public async Task Scopes_that_the_account_lacks_are_asked_for_by_a_new_link([Values] bool modern)
    {
        var (person, key) = await _stage.NewLinkedPersonAsync("reads-only");
        using var owned = person;
        _stage.Forbidden = """Bearer error="insufficient_scope", scope="read write", realm="the-provider" """.Trim();

        var reply = await person.CallAsync(Tool, modern: modern);

        Assert.That((reply.Status, reply.IsToolError), Is.EqualTo((200, true)), reply.Body);
        Assert.That(reply.Text, Does.Contain("scope 'read write'"));
        Assert.That(reply.Headers.Keys, Has.No.Member("WWW-Authenticate"));
        var request = _stage.ReadFrom(reply.Text);
        Assert.That((request.Person, string.Join(' ', request.Scopes)), Is.EqualTo((key.Person, "read write")));
        Assert.That(await _stage.Vault.FindAsync(key, default), Is.InstanceOf<VaultResult.Granted>(), "what is granted stays");
    }

    [TestCase("Bearer error=\"access_denied\"")]
    [TestCase("Bearer error=\"insufficient_scope\"")]
    [TestCase("Bearer error=\"insufficient_scope\", scope=\"\"")]
    [TestCase("Bearer error=\"insufficient_scope\", scope=\"wr\\\"ite\"")]
    public async Task Other_refusals_of_the_server_are_told_as_such(string challenge)
    {
        var (person, _) = await _stage.NewLinkedPersonAsync("denied");
        using var owned = person;
        _stage.Forbidden = challenge;

        Assert.That((await person.CallAsync(Tool)).Text, Does.StartWith("Denied by the app"));
    }

    [Test]
    public async Task Scope_question_is_settled_by_the_next_link_and_not_by_the_present_one()
    {
        var (person, key) = await _stage.NewLinkedPersonAsync("narrow");
        using var owned = person;
        _stage.Forbidden = """Bearer error="insufficient_scope", scope="write" """.Trim();
        JsonObject Call() => JsonNode.Parse("""{"name":"test_simple_text","_meta":{"io.modelcontextprotocol/clientCapabilities":{"elicitation":{"url":{}}}}}""")!.AsObject();
        var first = await person.ModernAsync("tools/call", Call());
        Assert.That((string?)first.Result["resultType"], Is.EqualTo("input_required"), first.Body);
        await _stage.LinkAsync(key, "wide");
        _stage.Forbidden = null;
        var retry = Call();
        retry["requestState"] = first.Result["requestState"]!.DeepClone();
        retry["inputResponses"] = new JsonObject { ["link_account"] = new JsonObject { ["action"] = "accept" } };

        var second = await person.ModernAsync("tools/call", retry);

        Assert.That((string?)second.Result["resultType"], Is.EqualTo("complete"), second.Body);
        Assert.That(_stage.Tokens()[^1], Is.EqualTo("wide"));
    }

    [Test]
    public async Task Another_account_gets_a_session_of_its_own()
    {
        var (person, key) = await _stage.NewLinkedPersonAsync("first-account");
        using var owned = person;
        await CallAsync(person, modern: false);
        var session = _stage.Server.Calls("tools/call")[^1].Header("Mcp-Session-Id");
        await _stage.LinkAsync(key, "second-account");

        await CallAsync(person, modern: false);

        var call = _stage.Server.Calls("tools/call")[^1];
        Assert.That(call.Bearer, Is.EqualTo("second-account"));
        Assert.That((session, call.Header("Mcp-Session-Id") == session), Is.EqualTo((session, false)));
        Assert.That(session, Is.Not.Null);
    }

    [Test]
    public async Task Many_calls_whose_token_is_refused_at_once_cost_one_refresh([Values] bool modern)
    {
        var token = $"many-{modern}";
        var (person, _) = await _stage.NewLinkedPersonAsync(token);
        using var owned = person;
        await CallAsync(person, modern);
        _stage.Refuse(token);
        var refreshes = _stage.Provider.Refreshes;

        var replies = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => CallAsync(person, modern)));

        Assert.That(replies.Where(reply => reply.IsToolError).Select(reply => reply.Body), Is.Empty);
        Assert.That(_stage.Provider.Refreshes - refreshes, Is.EqualTo(1));
    }

    [Test]
    public async Task Unlinked_account_is_used_no_more()
    {
        var (person, key) = await _stage.NewLinkedPersonAsync("soon-gone");
        using var owned = person;
        await person.CallAsync(Tool);
        await _stage.Vault.UnlinkAsync(key, default);

        Assert.That((await person.CallAsync(Tool)).Text, Does.Contain("linked none yet"));
        Assert.That(_stage.Tokens()[^1], Is.EqualTo("soon-gone"), "nothing went out");
    }

    [Test]
    public async Task Audit_says_that_the_credential_was_the_persons()
    {
        var (person, key) = await _stage.NewLinkedPersonAsync("audited");
        using var owned = person;
        await person.CallAsync(Tool);

        Assert.That(await Eventually.HoldsAsync(async () =>
        {
            await using var connection = await _stage.Gateway.Get<Database>().OpenAsync(default);
            return await connection.ExecuteScalarAsync<string>("SELECT detail FROM audit WHERE person_id = @Id AND method = 'tools/call'", new { Id = key.Person.Value }) == "credential: person";
        }));
    }

    /// <summary>Calls in either era, and of the server: one that may be asked back has a legacy client served by a session there.</summary>
    private async Task<McpReply> CallAsync(TestPerson person, bool modern)
    {
        if (modern)
            return await person.CallAsync(Tool);
        var session = await LegacySession.OpenAsync(person, _stage.Gateway, """{"elicitation":{}}""");
        return await session.SendAsync("tools/call", new JsonObject { ["name"] = Tool, ["arguments"] = new JsonObject() });
    }
}
