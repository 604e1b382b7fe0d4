using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Cortex.Tests.Clients;
using Cortex.Tests.Fixtures;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using NUnit.Framework;

namespace Cortex.Tests.Cli.Stdio;

/// <summary><c>cortex stdio</c> as a client starts it: a process that signs its user in, keeps the sign-in, and speaks nothing but MCP on standard output.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class StdioProcessTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Gateway.dll");

    private string _state = null!;

    [SetUp]
    public void MakeState() => _state = Directory.CreateTempSubdirectory("cortex-state-").FullName;

    [TearDown]
    public void DropState() => Directory.Delete(_state, recursive: true);

    [Test]
    public async Task Person_signs_in_once_and_again_only_when_the_gateway_has_forgotten_the_client()
    {
        await using var backend = await NotesCapture.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(NotesCapture.Yaml(backend));
        await using (var first = await ConnectAsync(gateway.McpUrl, null))
        {
            var result = await SaveAsync(first);
            Assert.That(result.IsError, Is.Not.True);
            Assert.That(result.Content.OfType<TextContentBlock>().First().Text, Does.Contain("note-1"));
        }

        var signedIn = Kept();
        MintedToken.AssertArrivedWithHeaders(backend.Calls("save_note").Single(), gateway.Url, backend.Url, NotesCapture.Write, (string?)signedIn["accessToken"]);
        Assert.That(File.GetUnixFileMode(KeptFile), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(File.GetUnixFileMode(Path.GetDirectoryName(KeptFile)!), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));

        await using var second = await ConnectAsync(gateway.McpUrl, "2025-11-25");
        Assert.That((await SaveAsync(second)).IsError, Is.Not.True);
        Assert.That(Kept().ToJsonString(), Is.EqualTo(signedIn.ToJsonString()), "nobody signed in again");

        Keep("accessToken", "ended");
        Assert.That((await SaveAsync(second)).IsError, Is.Not.True, "with a refreshed token");
        var refreshed = Kept();
        Assert.That((string?)refreshed["accessToken"], Is.Not.EqualTo("ended"));
        Assert.That((string?)refreshed["clientId"], Is.EqualTo((string?)signedIn["clientId"]));

        Keep("accessToken", "ended");
        Keep("clientId", "forgotten");
        await using var third = await ConnectAsync(gateway.McpUrl, "2025-11-25");
        Assert.That((await SaveAsync(third)).IsError, Is.Not.True, "after a sign-in as a new client");
        Assert.That((string?)Kept()["clientId"], Is.Not.EqualTo("forgotten").And.Not.EqualTo((string?)signedIn["clientId"]));
    }

    [TestCase(EraStage.Legacy)]
    [TestCase(EraStage.Modern)]
    public async Task TypeScript_client_on_stdio_lists_calls_and_is_asked_in_its_era(string version)
    {
        await using var stage = await EraStage.StartAsync(version);

        var sight = stage.IsModern
            ? await NodeClient.RunAsync(stage, "bridge", "--bridge", Program, "--tool", "test_input_required_result_elicitation")
            : await NodeClient.RunAsync(stage, "bridge", "--bridge", Program, "--tool", "test_elicitation", "--args", """{"message":"What is your name?"}""");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(sight.Error, Is.Null);
            Assert.That(sight.Json.GetProperty("errors").GetArrayLength(), Is.Zero, sight.Json.GetProperty("errors").ToString());
            Assert.That(sight.Tools, Does.Contain("test_simple_text"));
            Assert.That(sight.Progress, Is.EqualTo(new[] { 0d, 50, 100 }));
            Assert.That(sight.Texts("asked"), Is.EqualTo(new[] { "What is your name?" }));
            Assert.That(sight.ResultText, Is.EqualTo(stage.IsModern ? "Hello, Ada!" : """User response: accept {"response":"Ada"}"""));
            Assert.That(stage.Server.Calls("tools/call")[^1].Headers["MCP-Protocol-Version"], Is.EqualTo(version));
        }
    }

    private string KeptFile => Directory.GetFiles(Path.Combine(_state, "cortex"), "*.json").Single();

    private JsonNode Kept() => JsonNode.Parse(File.ReadAllText(KeptFile))!;

    private void Keep(string name, string value)
    {
        var kept = Kept();
        kept[name] = value;
        File.WriteAllText(KeptFile, kept.ToJsonString());
    }

    private async Task<McpClient> ConnectAsync(string url, string? version) => await McpClient.CreateAsync(
        new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = "dotnet",
            Arguments = [Program, "stdio", url],
            EnvironmentVariables = new Dictionary<string, string?>
            {
                ["BROWSER"] = Path.Combine(NodeClient.Folder, "browser.mjs"),
                ["XDG_STATE_HOME"] = _state,
                ["CORTEX_TOKEN"] = null,
            },
            StandardErrorLines = line => TestContext.Out.WriteLine(line),
        }),
        new McpClientOptions { ProtocolVersion = version });

    private static async Task<CallToolResult> SaveAsync(McpClient client) =>
        await client.CallToolAsync(NotesCapture.SaveTool, new Dictionary<string, object?> { ["title"] = "Groceries", ["text"] = "Milk" });
}
