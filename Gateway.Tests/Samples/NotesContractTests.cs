using System.Net;
using System.Text;
using System.Text.Json;
using Cortex.Cli.BackendTest.Tokens;
using Cortex.Cli.Findings;
using Cortex.Tests.Cli.BackendTest;
using NUnit.Framework;

namespace Cortex.Tests.Samples;

/// <summary>The backend contract, held against the demo backend and every sample. See <c>docs/backend-contract.md</c>.</summary>
[TestFixture(NotesBackend.Demo)]
[TestFixture(NotesBackend.CSharp)]
[TestFixture(NotesBackend.Node)]
[TestFixture(NotesBackend.Python)]
internal sealed class NotesContractTests(string kind)
{
    private const string Read = "mcp:notes:read";
    private const string Write = "mcp:notes:write";
    private const string Both = Read + " " + Write;

    private readonly string _keyFile = Path.Combine(Path.GetTempPath(), $"cortex-issuer-{Guid.NewGuid():N}.pem");

    private TestIssuer _issuer = null!;
    private NotesBackend _backend = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _issuer = await TestIssuer.StartAsync(key: IssuerKey.Load(_keyFile));
        _backend = await NotesBackend.StartAsync(kind, _issuer.Issuer);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_backend is not null)
            await _backend.DisposeAsync();
        await _issuer.DisposeAsync();
        File.Delete(_keyFile);
    }

    [Test]
    public async Task Checker_finds_nothing_to_mend()
    {
        var issuer = new Uri(_issuer.Issuer);
        await _issuer.DisposeAsync();

        var run = await BackendTestCli.RunAsync(_backend.Url, "--issuer", _issuer.Issuer, "--key", _keyFile, "--call", "save_note", "--arguments", """{"title": "a", "text": "b"}""");

        _issuer = await TestIssuer.StartAsync(issuer.Port, IssuerKey.Load(_keyFile));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Of(Verdict.Fail), Is.Empty);
            Assert.That(run.Of(Verdict.Skip), Is.Empty);
            Assert.That(run.Of(Verdict.Warn).Where(finding => finding.Check != "http.time"), Is.Empty, "a slow machine is no fault of the sample");
            Assert.That(run.Of(Verdict.Ok).Select(finding => finding.Check), Is.SupersetOf(["auth.expired", "auth.catalog", "get_help.topics", "wrong.params", "call.save_note"]));
            Assert.That(run.Exit, Is.Zero);
        }
    }

    [Test]
    public async Task ListTools_names_each_tool_with_scope_and_params()
    {
        var (status, body) = await _backend.CallAsync(_issuer.MintCatalog(_backend.Url), "list_tools");

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        var scopes = body.GetProperty("tools").EnumerateArray()
            .ToDictionary(tool => tool.GetProperty("name").GetString()!, tool => tool.GetProperty("scope").GetString());
        Assert.That(scopes, Is.EquivalentTo(new Dictionary<string, string?>
        {
            ["echo"] = Read,
            ["get_time"] = Read,
            ["list_notes"] = Read,
            ["get_help"] = Read,
            ["save_note"] = Write,
            ["delete_note"] = Write,
        }));
        var save = body.GetProperty("tools").EnumerateArray().Single(tool => tool.GetProperty("name").GetString() == "save_note");
        Assert.That(save.GetProperty("params").GetProperty("tags").GetString(), Is.EqualTo("string[]?"));
    }

    [TestCase("list_prompts", "prompts")]
    [TestCase("list_resource_templates", "resourceTemplates")]
    [TestCase("get_snapshot", "tools")]
    public async Task Catalog_token_reads_the_catalog(string method, string member)
    {
        var (status, body) = await _backend.CallAsync(_issuer.MintCatalog(_backend.Url), method);

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(body.GetProperty(member).ValueKind, Is.EqualTo(JsonValueKind.Array));
    }

    [TestCase("list_notes")]
    [TestCase("whoami")]
    [TestCase("get_help")]
    public async Task Catalog_token_reaches_nothing_else(string method)
    {
        var (status, _) = await _backend.CallAsync(_issuer.MintCatalog(_backend.Url), method);

        Assert.That(status, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task Valid_token_with_the_scope_gets_the_result()
    {
        var (status, body) = await _backend.CallAsync(Mint(Read), "echo", new { text = "hello" });

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(body.GetProperty("text").GetString(), Is.EqualTo("hello"));
    }

    [TestCase(Forgery.OtherIssuer)]
    [TestCase(Forgery.OtherAudience)]
    [TestCase(Forgery.OtherKey)]
    [TestCase(Forgery.Unsigned)]
    [TestCase(Forgery.Expired)]
    [TestCase(Forgery.OtherType)]
    public async Task Forged_token_is_401(Forgery forgery)
    {
        var (status, _) = await _backend.CallAsync(_issuer.Mint(_backend.Url, Both, forgery), "echo", new { text = "hello" });

        Assert.That(status, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("abc")]
    [TestCase("a.b.c")]
    [TestCase("e30.e30.")]
    public async Task No_token_or_nonsense_is_401(string? token)
    {
        var (status, _) = await _backend.CallAsync(token, "list_tools");

        Assert.That(status, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Missing_scope_is_403_naming_it()
    {
        var (status, body) = await _backend.CallAsync(Mint(Read), "save_note", new { title = "a", text = "b" });

        Assert.That(status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(body.GetProperty("required").GetString(), Is.EqualTo(Write));
    }

    [Test]
    public async Task Notes_belong_to_the_person()
    {
        var mine = _issuer.Mint(_backend.Url, Both, subject: "p_mine");
        var (status, saved) = await _backend.CallAsync(mine, "save_note", new { title = "Groceries", text = "Milk", tags = new[] { "home" } });
        var id = saved.GetProperty("id").GetString();

        var (_, own) = await _backend.CallAsync(mine, "list_notes", new { query = "milk" });
        var (_, others) = await _backend.CallAsync(_issuer.Mint(_backend.Url, Both, subject: "p_other"), "list_notes", new { query = "milk" });
        var (foreign, _) = await _backend.CallAsync(_issuer.Mint(_backend.Url, Both, subject: "p_other"), "delete_note", new { id });
        var (deleted, _) = await _backend.CallAsync(mine, "delete_note", new { id });
        var (_, after) = await _backend.CallAsync(mine, "list_notes", new { query = "milk" });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(own.GetProperty("notes").EnumerateArray().Select(note => note.GetProperty("id").GetString()), Is.EqualTo([id]));
            Assert.That(others.GetProperty("notes").GetArrayLength(), Is.Zero);
            Assert.That(foreign, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(deleted, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(after.GetProperty("notes").GetArrayLength(), Is.Zero);
        }
    }

    [Test]
    public async Task WhoAmI_tells_person_client_and_scopes()
    {
        var (status, body) = await _backend.CallAsync(_issuer.Mint(_backend.Url, Read, subject: "p_me"), "whoami");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(body.GetProperty("id").GetString(), Is.EqualTo("p_me"));
            Assert.That(body.GetProperty("email").GetString(), Is.EqualTo("ada@example.com"));
            Assert.That(body.GetProperty("clientId").GetString(), Is.EqualTo("test-client"));
            Assert.That(body.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()), Is.EqualTo([Read]));
        }
    }

    [TestCase("""{"method": "echo"}""")]
    [TestCase("""{"method": "echo", "params": {}}""")]
    [TestCase("""{"method": "echo", "params": {"text": 1}}""")]
    [TestCase("""{"method": "echo", "params": {"text": "a", "more": 1}}""")]
    [TestCase("""{"method": "echo", "params": []}""")]
    [TestCase("""{"method": "echo", "params": "text"}""")]
    [TestCase("""{"method": "list_notes", "params": {"limit": "many"}}""")]
    [TestCase("""{"method": "get_help", "params": {"topic": "nothing"}}""")]
    [TestCase("""{"method": "toString", "params": {}}""")]
    [TestCase("""{"method": 1}""")]
    [TestCase("""{"params": {}}""")]
    [TestCase("""["echo"]""")]
    [TestCase("not json")]
    [TestCase("")]
    public async Task Wrong_request_is_400_with_a_reason(string json)
    {
        var (status, body) = await _backend.PostAsync(Mint(Both), new StringContent(json, Encoding.UTF8, "application/json"));

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(body.GetProperty("error").GetString(), Is.Not.Empty);
    }

    private string Mint(string scope) => _issuer.Mint(_backend.Url, scope);
}
