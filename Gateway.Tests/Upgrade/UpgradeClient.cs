using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Cortex.Foundation.Model;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Linking;
using Cortex.Tests.Identity.AuthorizationServer;

namespace Cortex.Tests.Upgrade;

/// <summary>A person with one client, one grant and one session, who does not care which replica answers.</summary>
internal sealed class UpgradeClient : IDisposable
{
    private const string Email = "alice@example.com";
    private const string Version = "2025-11-25";

    private readonly ConcurrentDictionary<string, TestPerson> _at = new();
    private readonly TestClient _client;
    private readonly string _accessToken;
    private string _refreshToken;
    private string _session = "";

    private UpgradeClient(TestClient client, TokenReply tokens) =>
        (_client, _accessToken, _refreshToken) = (client, tokens.AccessToken, tokens.RefreshToken);

    /// <summary>Registers, signs in and opens a session, all at one replica.</summary>
    public static async Task<UpgradeClient> SignInAsync(string url, string scopes)
    {
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        var registered = await TestClient.RegisterAsync(http, url);
        var tokens = await registered.GetTokensAsync(registered.AuthorizeUrl(("scope", scopes)));
        var client = new UpgradeClient(registered, tokens);
        await client.OpenSessionAsync(url);
        return client;
    }

    /// <summary>Links the person's account at the backend <c>canva</c>.</summary>
    public static async Task LinkAsync(string url)
    {
        using var browser = await LinkBrowser.SignInAsync(url, Email);
        await browser.LinkAsync(BackendId.Parse("canva"), "alice-at-canva");
    }

    /// <summary>Opens a session at a replica, which takes the place of the one before.</summary>
    public async Task OpenSessionAsync(string url) => _session = (await At(url).LegacyAsync("initialize", new JsonObject
    {
        ["protocolVersion"] = Version,
        ["capabilities"] = new JsonObject(),
        ["clientInfo"] = new JsonObject { ["name"] = "upgrade", ["version"] = "1" },
    })).Headers["Mcp-Session-Id"];

    /// <summary>Calls a tool without a session.</summary>
    public Task<McpReply> CallAsync(string url, string tool, JsonObject? arguments = null) => At(url).CallAsync(tool, arguments);

    /// <summary>Calls a tool in the session.</summary>
    public Task<McpReply> CallInSessionAsync(string url, string tool) =>
        At(url).LegacyAsync("tools/call", new JsonObject { ["name"] = tool, ["arguments"] = new JsonObject() }, _session, Version);

    /// <summary>Refreshes at one replica, and calls at another with the token that came.</summary>
    public async Task<McpReply> RefreshAsync(string at, string callAt)
    {
        using var http = new HttpClient { BaseAddress = new Uri(at) };
        var tokens = await _client.At(http).RefreshAsync(_refreshToken);
        if (tokens.Error is not null)
            throw new InvalidOperationException($"{at} refused the refresh: {tokens.Json}");
        _refreshToken = tokens.RefreshToken;
        using var person = TestPerson.With(callAt, tokens.AccessToken, _client.Id);
        return await person.CallAsync("tickets_list");
    }

    /// <summary>Reports what is missing at a replica.</summary>
    /// <returns>The ticket's id.</returns>
    public async Task<string> ReportAsync(string url, string wish) =>
        (string)(await CallAsync(url, "report_missing_capability", new JsonObject { ["whatIWanted"] = wish, ["severity"] = "blocking" })).Result["structuredContent"]!["ticketId"]!;

    /// <summary>The ids of the tickets that a replica shows.</summary>
    public async Task<IReadOnlyList<string>> TicketsAsync(string url) =>
        [.. (await CallAsync(url, "list_cortex_tickets")).Result["structuredContent"]!["tickets"]!.AsArray().Select(ticket => (string)ticket!["ticketId"]!)];

    public void Dispose()
    {
        foreach (var person in _at.Values)
            person.Dispose();
    }

    private TestPerson At(string url) => _at.GetOrAdd(url, _ => TestPerson.With(url, _accessToken, _client.Id));
}
