using System.Text.Json;
using Cortex.Tests.Identity.AuthorizationServer;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using NUnit.Framework;

namespace Cortex.Tests.Clients;

/// <summary>
/// Each real client through the life of its grant (sign-in for reading, step-up for writing, refresh, revocation and the next sign-in), with people
/// who sign in by a link in a mail that a real SMTP server took, and at a real OpenID provider.
/// </summary>
[TestFixture(SignInStage.MagicLink)]
[TestFixture(SignInStage.Oidc)]
internal sealed class SignInJourneyTests(string signIn)
{
    private const string Reading = $"{NotesCapture.Read} offline_access";
    private const string Writing = $"{NotesCapture.Read} {NotesCapture.Write} offline_access";

    private SignInStage _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await SignInStage.StartAsync(signIn);

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [Test]
    public async Task Modern_client_signs_in_steps_up_refreshes_and_signs_in_again_after_a_revocation()
    {
        var stages = await TravelAsync(NodeClient.Modern);

        AssertRead(stages, "signIn", signIns: 1);
        AssertWrote(stages, "stepUp", signIns: 2);
        AssertRead(stages, "refresh", signIns: 2);
        AssertWrote(stages, "revocation", signIns: 3);
    }

    /// <summary>
    /// <c>@modelcontextprotocol/sdk</c> 1.x can't step up while it holds a refresh token: it answers the challenge by a refresh, which can't widen a
    /// grant, and gives up at the second 403. Its next sign-in, here the one after the revocation, has the scope.
    /// </summary>
    [Test]
    public async Task Handshake_client_does_all_but_the_step_up()
    {
        var stages = await TravelAsync(NodeClient.Legacy);

        AssertRead(stages, "signIn", signIns: 1);
        Assert.That(stages.GetProperty("stepUp").GetProperty("error").GetProperty("message").GetString(), Does.Contain("403 after trying upscoping"));
        AssertRead(stages, "refresh", signIns: 1);
        AssertWrote(stages, "revocation", signIns: 2);
    }

    /// <summary>
    /// <c>mcp-remote</c> 0.15 runs on through all of it, between a stdio client and the gateway. It answers a challenge in the middle of a session by
    /// a new sign-in, and sends the call again: the scopes it asks for are those it had and those the challenge names.
    /// </summary>
    [TestCase("legacy")]
    [TestCase("auto")]
    public async Task Stdio_client_signs_in_steps_up_refreshes_and_signs_in_again_after_a_revocation(string mode)
    {
        var stages = await TravelAsync(NodeClient.Remote, $"remote-{mode}", "--mode", mode);

        AssertRead(stages, "signIn", signIns: 1);
        AssertWrote(stages, "stepUp", signIns: 2);
        AssertRead(stages, "refresh", signIns: 2);
        AssertWrote(stages, "revocation", signIns: 3);
    }

    [Test]
    public async Task CSharp_client_signs_in_steps_up_refreshes_and_signs_in_again_after_a_revocation()
    {
        var (tokens, keeps, signIns) = (new KeptTokens(), Reading, 0);
        await using var client = await OAuthSdkClient.ConnectAsync(_stage.Gateway.Url, null, tokens, (address, _) =>
        {
            signIns++;
            return _stage.AuthorizeAsync(address, "csharp", scope => keeps.Split(' ').Contains(scope));
        });

        var read = await client.ListToolsAsync();
        Assert.That((read.Select(tool => tool.Name).Contains(NotesCapture.SaveTool), signIns), Is.EqualTo((false, 1)));

        keeps = Writing;
        Assert.That((await WriteAsync(client), signIns), Is.EqualTo((true, 2)));

        tokens.OutliveAccessToken();
        await client.ListToolsAsync();
        Assert.That((signIns, tokens.AccessToken == "ended"), Is.EqualTo((2, false)));

        using var http = new HttpClient { BaseAddress = new Uri(_stage.Gateway.Url) };
        var revoked = await TestClient.PostAsync(http, "/oauth/revoke", [("token", tokens.RefreshToken), ("client_id", tokens.ClientId), ("client_secret", tokens.ClientSecret)]);
        Assert.That((int)revoked.Status, Is.EqualTo(200), revoked.Json.ToString());
        Assert.That((await WriteAsync(client), signIns), Is.EqualTo((true, 3)));
    }

    private Task<JsonElement> TravelAsync(string script) => TravelAsync(script, Path.GetFileNameWithoutExtension(script));

    private async Task<JsonElement> TravelAsync(string script, string person, params IEnumerable<string> more)
    {
        var sight = await NodeClient.RunAsync(script, [
            "--url", _stage.Gateway.McpUrl, "--journey", "--scopes", Reading, "--step-up", Writing, "--tool", NotesCapture.SaveTool, "--args", NotesCapture.Note,
            .. _stage.Describe(person), .. more]);
        Assert.That(sight.Error, Is.Null, sight.Json.GetRawText());
        return sight.Json.GetProperty("stages");
    }

    private static void AssertRead(JsonElement stages, string stage, int signIns)
    {
        var seen = stages.GetProperty(stage);
        Assert.That(seen.TryGetProperty("got", out var got), stages.GetRawText());
        Assert.That(got.EnumerateArray().Select(tool => tool.GetString()), Does.Contain(NotesCapture.ListTool), stages.GetRawText());
        Assert.That(seen.GetProperty("signIns").GetInt32(), Is.EqualTo(signIns), stages.GetRawText());
    }

    private static void AssertWrote(JsonElement stages, string stage, int signIns)
    {
        var seen = stages.GetProperty(stage);
        Assert.That(seen.TryGetProperty("got", out var got) ? got.GetString() : null, Does.Contain("note-1"), stages.GetRawText());
        Assert.That(seen.GetProperty("signIns").GetInt32(), Is.EqualTo(signIns), stages.GetRawText());
    }

    private static async Task<bool> WriteAsync(McpClient client)
    {
        var result = await client.CallToolAsync(NotesCapture.SaveTool, new Dictionary<string, object?> { ["title"] = "Groceries", ["text"] = "Milk" });
        return result.Content.OfType<TextContentBlock>().First().Text.Contains("note-1", StringComparison.Ordinal);
    }
}
