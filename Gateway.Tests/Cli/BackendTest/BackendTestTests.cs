using System.Text.Json;
using Cortex.Cli.BackendTest.Schema;
using Cortex.Cli.Findings;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Cortex.Tests.Cli.BackendTest;

/// <summary><c>cortex backend test</c> against a sound backend, and against one with a single fault of each kind.</summary>
internal sealed class BackendTestTests
{
    private readonly string _keyFile = Path.Combine(Path.GetTempPath(), $"cortex-backend-test-{Guid.NewGuid():N}", "key.pem");

    private string _issuer = "";
    private SoundBackend _backend = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _issuer = $"http://127.0.0.1:{ServerProcess.FreePort()}/identity";
        _backend = await SoundBackend.StartAsync(_issuer);
    }

    [TearDown]
    public async Task StopAsync() => await _backend.DisposeAsync();

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(Path.GetDirectoryName(_keyFile)!, recursive: true);

    [Test]
    public async Task Sound_backend_has_nothing_to_mend_or_improve()
    {
        var run = await RunAsync("--prefix", "notes");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Findings.Where(finding => finding.Verdict != Verdict.Ok && finding.Check != "http.time"), Is.Empty);
            Assert.That(run.Exit, Is.Zero);
            Assert.That(run.Findings.Select(finding => finding.Check).Distinct().Count(), Is.GreaterThan(35));
        }
    }

    [Test]
    public async Task Nothing_that_might_write_is_called()
    {
        await RunAsync();

        Assert.That(_backend.Requests, Has.None.Contains("save_note").And.None.Contains("report_missing_capability"));
    }

    [Test]
    public async Task Requests_are_those_of_the_contract()
    {
        var schema = ContractSchema.Load();
        _backend.Before = http =>
        {
            Assert.That(http.Request.Method == "GET" || http.Request.ContentType == "application/json");
            return Task.FromResult(false);
        };
        await RunAsync();

        var requests = _backend.Requests.Where(body => body.StartsWith("""{"method":""", StringComparison.Ordinal) && body.Contains("\"params\":{", StringComparison.Ordinal))
            .Select(body => JsonSerializer.Deserialize<JsonElement>(body)).ToList();
        foreach (var request in requests.Where(request => request.GetProperty("params").EnumerateObject().Any() || request.GetProperty("method").GetString()!.StartsWith("list_", StringComparison.Ordinal)))
            Assert.That(schema.Check($"{request.GetProperty("method").GetString()}.request", request), Is.Empty, request.GetRawText());
        Assert.That(requests.Select(request => request.GetProperty("method").GetString()), Is.SupersetOf(["list_tools", "get_prompt", "read_resource", "get_help", "list_tickets"]));
    }

    [Test]
    public async Task Tool_is_called_where_it_is_asked_for()
    {
        var run = await RunAsync("--call", "save_note", "--arguments", """{"text": "Milk"}""");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Findings.Single(finding => finding.Check == "call.save_note").Message, Does.Contain("""{"saved": true}"""));
            Assert.That(_backend.Requests, Has.Exactly(1).EqualTo("""{"method":"save_note","params":{"text": "Milk"}}"""));
            Assert.That(run.Exit, Is.Zero);
        }
    }

    [TestCase("save_note", "{}", "text is missing")]
    [TestCase("no_such", "{}", "is not listed")]
    public async Task Tool_that_fails_is_told(string tool, string arguments, string expected)
    {
        var run = await RunAsync("--call", tool, "--arguments", arguments);

        Assert.That(run.Of(Verdict.Fail).Single().Message, Does.Contain(expected));
        Assert.That(run.Exit, Is.EqualTo(1));
    }

    [TestCase(Lax.Missing, "auth.none", "a call without a token is answered with 200")]
    [TestCase(Lax.Headers, "auth.headers", "a call with X-Cortex headers and no token is answered with 200")]
    [TestCase(Lax.Expiry, "auth.expired", "a token that expired an hour ago is answered with 200")]
    [TestCase(Lax.Audience, "auth.audience", "a token made out to another backend is answered with 200")]
    [TestCase(Lax.Issuer, "auth.issuer", "a token of another issuer is answered with 200")]
    [TestCase(Lax.Signature, "auth.signature", "a token signed by a stranger is answered with 200")]
    [TestCase(Lax.Unsigned, "auth.unsigned", "a token with alg none is answered with 200")]
    [TestCase(Lax.Type, "auth.type", "a token whose typ is not at+jwt is answered with 200")]
    [TestCase(Lax.Catalog, "auth.catalog", "which stands for no person, calls whoami and get_help")]
    public async Task Backend_that_lets_the_wrong_caller_in_fails(Lax lax, string check, string expected)
    {
        _backend.Lax = lax;

        var run = await RunAsync();

        var finding = run.Of(Verdict.Fail).FirstOrDefault(finding => finding.Check == check);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(finding?.Message, Does.Contain(expected), run.Output);
            Assert.That(finding?.Mend, Does.Contain(check == "auth.catalog" ? "403" : "401"));
            Assert.That(run.Exit, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task Backend_that_leaves_scopes_to_the_gateway_could_be_better()
    {
        _backend.Lax = Lax.Scope;

        Assert.That((await RunAsync()).Of(Verdict.Warn).Single(finding => finding.Check == "auth.scope").Message, Does.Contain("'get_help' is done for a person without its scope"));
    }

    /// <summary>One broken tool each, and what must be said of it.</summary>
    private static readonly (string Tool, string Problem, string Mend)[] BrokenTools =
    [
        ("""{"name": "a1", "description": "d"}""", "\"a1\" scope is missing", "mcp:<domain>:<action>"),
        ("""{"name": "a2", "scope": "two words", "description": "d"}""", "\"a2\" scope may not be \"two words\"", "mcp:<domain>:<action>"),
        ("""{"name": "a3", "scope": "cortex:admin", "description": "d"}""", "\"a3\" scope may not be \"cortex:admin\"", "reserved"),
        ("""{"name": "a4", "scope": "mcp:a:b"}""", "\"a4\" description is missing", "choose the tool"),
        ("""{"name": "a5", "scope": "mcp:a:b", "description": " "}""", "\"a5\" description may not be", "choose the tool"),
        ("""{"name": "a.6", "scope": "mcp:a:b", "description": "d"}""", "\"a.6\" name may not be", "A-Z, a-z, 0-9"),
        ("""{"scope": "mcp:a:b", "description": "d"}""", "name is missing", "Give each tool a \"name\""),
        ("""{"name": "read_resource", "scope": "mcp:a:b", "description": "d"}""", "name may not be \"read_resource\"", "a method of this name"),
        ("""{"name": "a7", "scope": "mcp:a:b", "description": "d", "params": {"when": "date"}}""", "\"a7\" params.when may not be \"date\"", "string, number or boolean"),
        ("""{"name": "a8", "scope": "mcp:a:b", "description": "d", "inputSchema": {"type": "array"}}""", "\"a8\" inputSchema.type must be \"object\"", "\"type\": \"object\""),
        ("""{"name": "a9", "scope": "mcp:a:b", "description": "d", "inputSchema": {"type": "object", "properties": {"n": {"type": "int"}}}}""", "\"a9\" inputSchema.properties.n.type has none of the forms", "integer"),
        ("""{"name": "b1", "scope": "mcp:a:b", "description": "d", "inputSchema": {"type": "object", "properties": {"n": {"type": "string", "required": true}}}}""", "\"b1\" inputSchema.properties.n.required must be array (was boolean)", "list of names"),
        ("""{"name": "b2", "scope": "mcp:a:b", "description": "d", "title": 2}""", "\"b2\" title must be string or null (was number)", "string"),
        ("""{"name": "b3", "scope": "mcp:a:b", "description": "d", "annotations": {"readOnlyHint": "yes"}}""", "\"b3\" annotations.readOnlyHint must be boolean", "readOnlyHint"),
        ("""{"name": "b4", "scope": "mcp:a:b", "description": "d", "icons": [{}]}""", "\"b4\" icons[0].src is missing", "src"),
        ("""{"name": "b5", "scope": "mcp:a:b", "description": "d", "outputSchema": "x"}""", "\"b5\" outputSchema must be object or null", "JSON Schema"),
        ("""{"name": "b6", "scope": "mcp:a:b", "description": "d", "deprecated": "soon"}""", "\"b6\" deprecated must be boolean or object or null", "removedAt"),
        ("\"b7\"", "must be object (was string)", "as an object"),
    ];

    [Test]
    public async Task Each_broken_tool_is_named_with_its_mend()
    {
        _backend.AddTool(string.Join(", ", BrokenTools.Select(tool => tool.Tool)));

        var findings = (await RunAsync()).Of(Verdict.Fail).Where(finding => finding.Check == "list_tools").ToList();

        using (Assert.EnterMultipleScope())
        {
            foreach (var (tool, problem, mend) in BrokenTools)
                Assert.That(findings.Any(finding => finding.Message.Contains(problem, StringComparison.Ordinal) && finding.Mend!.Contains(mend, StringComparison.Ordinal)), $"{tool}\n{string.Join('\n', findings)}");
        }
    }

    private static IEnumerable<TestCaseData> Breakages()
    {
        yield return Case("duplicate tool", backend => backend.AddTool("""{"name": "save_note", "scope": "mcp:a:b", "description": "d"}"""), "list_tools.names", "'save_note' is listed 2 times");
        yield return Case("long name", backend => backend.AddTool($$"""{"name": "{{new string('n', 60)}}", "scope": "mcp:a:b", "description": "d"}"""), "list_tools.names", "has 66 characters");
        yield return Case("tools in an object", backend => backend.Answer("list_tools", """{"tools": {}}"""), "list_tools", "tools must be array (was object)");
        yield return Case("tools alone", backend => backend.Answer("list_tools", "[]"), "list_tools", "the reply must be object (was array)");
        yield return Case("half a character", backend => backend.AddTool("""{"name": "a", "scope": "mcp:a:b", "description": "\ud800"}"""), "reach", "is not Unicode");
        yield return Case("prompts in an object", backend => backend.Answer("list_prompts", """{"prompts": {}}"""), "list_prompts", "prompts must be array");
        yield return Case("prompt without a name", backend => backend.Answer("list_prompts", """{"prompts": [{}]}"""), "list_prompts", "prompts[0] name is missing");
        yield return Case("prompts that fail", backend => backend.Answer("list_prompts", new SoundReply(500, """{"error": "disk full"}""")), "list_prompts", "disk full");
        yield return Case("prompt that is not given", backend => backend.Answer("get_prompt", """{"text": "x"}"""), "get_prompt", "messages is missing");
        yield return Case("prompt of one message", backend => backend.Answer("get_prompt", """{"messages": [{"role": "system", "content": "x"}]}"""), "get_prompt", "messages[0].role may not be \"system\"");
        yield return Case("prompt for any name", backend => backend.Answer("get_prompt", """{"messages": []}"""), "get_prompt.unknown", "as if it had been done");
        yield return Case("template without a scheme", backend => backend.Answer("list_resource_templates", """{"resourceTemplates": [{"uriTemplate": "/note/{id}"}]}"""), "list_resource_templates", "uriTemplate may not be");
        yield return Case("resource without contents", backend => backend.Answer("read_resource", """{"text": "x"}"""), "read_resource", "contents is missing");
        yield return Case("resource that breaks", backend => backend.Answer("read_resource", new SoundReply(500, "")), "read_resource", "notes://note/cortex-backend-test: the backend answered 500");
        yield return Case("help that breaks", backend => backend.Answer("get_help", new SoundReply(500, """{"error": "no help file"}""")), "get_help", "no help file");
        yield return Case("help that is a list", backend => backend.Answer("get_help", "[]"), "get_help", "must be object or string");
        yield return Case("whoami that is a text", backend => backend.Answer("whoami", "\"Ada\""), "whoami", "must be object (was string)");
        yield return Case("whoami that says too much", backend => backend.Answer("whoami", $$"""{"id": "{{new string('x', 70_000)}}"}"""), "whoami", "the answer has 70010 bytes");
        yield return Case("help that says too much", backend => backend.Answer("get_help", $"\"{new string('x', 70_000)}\""), "get_help", "the answer has 70002 bytes");
        yield return Case("whoami that remembers", RememberFirst, "whoami.persons", "it tells of 'p_backend_test_alice', who asked before");
        yield return Case("snapshot that is a number", backend => backend.Answer("get_snapshot", "3"), "get_snapshot", "must be object");
        yield return Case("tickets without ids", backend => backend.Answer("list_tickets", """{"tickets": [{}]}"""), "list_tickets", "tickets[0] has none of the forms");
        yield return Case("unknown method that is done", backend => backend.Unknown = SoundReply.Ok("{}"), "wrong.method", "an unknown method or tool is answered with 200");
        yield return Case("unknown method that breaks", backend => backend.Unknown = new SoundReply(500, """{"error": "KeyError"}"""), "wrong.member", "the unknown tool 'toString' breaks the backend (500)");
        yield return Case("unknown method for nobody", backend => backend.Unknown = new SoundReply(401, ""), "wrong.method", "as if the person were at fault");
        yield return Case("malformed body that breaks", backend => backend.Malformed = new SoundReply(500, "Traceback"), "wrong.json", "a body that is not JSON breaks the backend (500)");
        yield return Case("missing parameter that breaks", backend => backend.Answer("find_notes", new SoundReply(500, "")), "wrong.params", "'find_notes' without 'query' breaks the backend");
        yield return Case("missing parameter that is done", backend => backend.Answer("find_notes", "{}"), "wrong.params", "'find_notes' without 'query' is answered with 200");
        yield return Case("page in place of JSON", backend => backend.Answer("list_tools", new SoundReply(200, "<html>", "text/html")), "http.json", "is answered with 200 and text/html, which is not JSON");
        yield return Case("redirect", backend => backend.Before = RedirectAsync, "http.redirect", "answers 307 and leads to 'https://elsewhere.example/'");
        yield return Case("another path", backend => backend.Before = http => AnswerAsync(http, 404), "http.path", "nothing takes a POST at");
        yield return Case("breaks at once", backend => backend.Answer("list_tools", new SoundReply(500, """{"error": "no database"}""")), "list_tools", "list_tools is answered with 500 (no database)");
        yield return Case("takes GET", backend => backend.Before = http => http.Request.Method == "GET" ? AnswerAsync(http, 200) : Task.FromResult(false), "http.post", "GET is answered with 200");
        yield return Case("repeats the token", backend => backend.Before = EchoAsync, "http.echo", "the reply repeats the token");
        yield return Case("drops the connection", backend => backend.Before = AbortAsync, "reach", "did not answer with HTTP");
    }

    [TestCaseSource(nameof(Breakages))]
    public async Task Broken_backend_is_told_what_to_mend(Action<SoundBackend> spoil, string check, string expected)
    {
        spoil(_backend);

        var run = await RunAsync("--prefix", "notes");

        var finding = run.Of(Verdict.Fail).FirstOrDefault(finding => finding.Check == check && finding.Message.Contains(expected, StringComparison.Ordinal));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(finding, Is.Not.Null, run.Output);
            Assert.That(finding?.Mend, Is.Not.Null.And.Not.Empty);
            Assert.That(run.Exit, Is.EqualTo(1));
        }
    }

    private static IEnumerable<TestCaseData> Weaknesses()
    {
        yield return Case("no help", backend => { backend.Forget("get_help"); backend.Answer("list_tools", """{"tools": [{"name": "x", "scope": "mcp:a:b", "description": "d"}]}"""); }, "get_help", "there is no get_help");
        yield return Case("help that is not listed", backend => backend.Answer("list_tools", """{"tools": [{"name": "x", "scope": "mcp:notes:read", "description": "d"}]}"""), "get_help", "not listed");
        yield return Case("few topics", backend => backend.Answer("get_help", (given, _) => given.TryGetProperty("topic", out var topic) && topic.GetString() is not "limits" ? SoundReply.Bad("Topics: limits.") : SoundReply.Ok("\"x\"")), "get_help.topics", "no help on overview, concepts, workflows, conventions, examples");
        yield return Case("any topic", backend => backend.Answer("get_help", "\"x\""), "get_help.unknown", "answered as if it were one");
        yield return Case("same whoami", backend => backend.Answer("whoami", """{"role": "user"}"""), "whoami.persons", "the same answer");
        yield return Case("no words", backend => backend.Unknown = new SoundReply(400, ""), "errors", "refused without a word");
        yield return Case("odd media type", backend => backend.Answer("whoami", (_, me) => new SoundReply(200, $$"""{"id": "{{me.Subject}}"}""", "text/plain")), "http.json", "whoami: JSON under another media type");
        yield return Case("name that is cut", backend => backend.AddTool($$"""{"name": "{{new string('n', 50)}}", "scope": "mcp:a:b", "description": "d"}"""), "list_tools.names", "has 50 characters, and the gateway cuts");
        yield return Case("odd scope", backend => backend.AddTool("""{"name": "x", "scope": "notes", "description": "d"}"""), "list_tools.scopes", "notes: not of the form");
        yield return Case("no tools", backend => backend.Answer("list_tools", """{"tools": []}"""), "list_tools", "there are no tools");
        yield return Case("other order", Shuffle, "list_tools.order", "another order");
        yield return Case("resource as a wrong call", backend => backend.Answer("read_resource", SoundReply.Bad("No such note.")), "read_resource", "is answered with 400");
        yield return Case("help behind a scope of its own", backend => { backend.Answer("get_help", new SoundReply(403, """{"required": "mcp:help:read"}""")); backend.Answer("list_tools", """{"tools": [{"name": "x", "scope": "mcp:notes:read", "description": "d"}]}"""); }, "get_help", "needs the scope mcp:help:read");
        yield return Case("unknown under 200", backend => backend.Unknown = SoundReply.Ok("""{"error": "Unknown method"}"""), "wrong.method", "is refused, but with 200");
    }

    [TestCaseSource(nameof(Weaknesses))]
    public async Task Weak_backend_is_told_what_to_improve(Action<SoundBackend> spoil, string check, string expected)
    {
        spoil(_backend);

        var run = await RunAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Of(Verdict.Warn).Any(finding => finding.Check == check && finding.Message.Contains(expected, StringComparison.Ordinal)), run.Output);
            Assert.That(run.Of(Verdict.Fail), Is.Empty);
            Assert.That(run.Exit, Is.Zero);
        }
    }

    [Test]
    public async Task Backend_with_tools_alone_is_sound()
    {
        foreach (var method in new[] { "list_prompts", "get_prompt", "list_resource_templates", "read_resource", "get_snapshot", "whoami", "list_tickets" })
            _backend.Forget(method);

        Assert.That((await RunAsync()).Of(Verdict.Fail), Is.Empty);
    }

    [Test]
    public async Task Backend_that_trusts_another_issuer_is_told_how_to_start_it()
    {
        var run = await BackendTestCli.RunAsync(_backend.Url, "--issuer", $"http://127.0.0.1:{ServerProcess.FreePort()}", "--key", _keyFile);

        Assert.That(run.Of(Verdict.Fail).Single().Mend, Does.Contain("trusts the issuer").And.Contain(_backend.Url));
    }

    [Test]
    public async Task Backend_without_a_credential_asks_for_one()
    {
        var run = await BackendTestCli.RunAsync(_backend.Url);

        Assert.That(run.Of(Verdict.Fail).Single().Mend, Does.Contain("--issuer").And.Contain("--bearer"));
    }

    [Test]
    public async Task Public_backend_is_asked_for_no_token()
    {
        _backend.Lax = Lax.Missing;

        var run = await BackendTestCli.RunAsync(_backend.Url, "--public");

        Assert.That(run.Of(Verdict.Fail), Is.Empty);
        Assert.That(run.Of(Verdict.Skip).Select(finding => finding.Check), Does.Contain("auth"));
    }

    [Test]
    public async Task Headers_are_sent_and_never_shown()
    {
        _backend.Lax = Lax.Missing;
        _backend.Before = http => http.Request.Headers["X-Api-Key"] == "a-secret-of-mine" ? Task.FromResult(false) : AnswerAsync(http, 401);
        _backend.Answer("get_snapshot", SoundReply.Bad("not a-secret-of-mine") with { Status = 500 });

        var run = await BackendTestCli.RunPlainAsync(_backend.Url, "--header", "X-Api-Key: a-secret-of-mine");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Output, Does.Contain("fail  get_snapshot").And.Contain("not ***").And.Not.Contain("a-secret-of-mine"));
            Assert.That(run.Output, Does.Contain("ok    auth.none").And.Contain("skip  auth.expired"));
        }
    }

    [Test]
    public async Task Lines_are_one_for_each_check_and_a_sum()
    {
        var run = await BackendTestCli.RunPlainAsync(_backend.Url, "--issuer", _issuer, "--key", _keyFile);

        var lines = run.Output.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        Assert.That(lines[..^1], Has.All.Matches(@"^(ok  |warn|skip)  [a-z_.-]+ +\S.*[.?]$"));
        Assert.That(lines[^1], Does.Match(@"^\d+ ok, \d+ to improve, 0 to mend, \d+ not checked\.$"));
    }

    private Task<BackendTestCli> RunAsync(params string[] more) => BackendTestCli.RunAsync([_backend.Url, "--issuer", _issuer, "--key", _keyFile, .. more]);

    private static TestCaseData Case(string name, Action<SoundBackend> spoil, string check, string expected) =>
        new TestCaseData(spoil, check, expected).SetArgDisplayNames(name);

    private static void RememberFirst(SoundBackend backend)
    {
        string? first = null;
        backend.Answer("whoami", (_, me) => SoundReply.Ok($$"""{"id": "{{first ??= me.Subject}}"}"""));
    }

    private static void Shuffle(SoundBackend backend)
    {
        var isFirst = false;
        backend.Answer("list_tools", (_, _) =>
        {
            isFirst = !isFirst;
            string[] tools = ["""{"name": "x", "scope": "mcp:a:b", "description": "d"}""", """{"name": "y", "scope": "mcp:a:b", "description": "d"}"""];
            return SoundReply.Ok($$"""{"tools": [{{string.Join(", ", isFirst ? tools : tools.Reverse())}}]}""");
        });
    }

    private static async Task<bool> AnswerAsync(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync("{}");
        return true;
    }

    private static Task<bool> RedirectAsync(HttpContext http)
    {
        http.Response.StatusCode = 307;
        http.Response.Headers.Location = "https://elsewhere.example/";
        return Task.FromResult(true);
    }

    private static async Task<bool> EchoAsync(HttpContext http)
    {
        http.Request.EnableBuffering();
        using var reader = new StreamReader(http.Request.Body, leaveOpen: true);
        var body = await reader.ReadToEndAsync();
        http.Request.Body.Position = 0;
        if (!body.Contains("no_such_method", StringComparison.Ordinal))
            return false;
        http.Response.StatusCode = 400;
        await http.Response.WriteAsJsonAsync(new { error = $"Not for {http.Request.Headers.Authorization}" });
        return true;
    }

    private static Task<bool> AbortAsync(HttpContext http)
    {
        http.Abort();
        return Task.FromResult(true);
    }
}
