using System.Text.Json.Nodes;

namespace Cortex.Tests.Fixtures;

/// <summary>A session of a legacy client at a gateway under test, spoken by hand.</summary>
internal sealed class LegacyClient
{
    private readonly TestPerson _person;
    private readonly Uri _endpoint;

    private LegacyClient(TestPerson person, Uri endpoint, string session)
    {
        _person = person;
        _endpoint = endpoint;
        Session = session;
    }

    /// <summary>Id of the session.</summary>
    public string Session { get; }

    /// <summary>Opens a session for a client that declares <paramref name="capabilities"/>.</summary>
    public static async Task<LegacyClient> OpenAsync(GatewayHost gateway, TestPerson person, string capabilities = "{}")
    {
        var reply = await person.LegacyAsync("initialize", new JsonObject { ["protocolVersion"] = "2025-11-25", ["capabilities"] = JsonNode.Parse(capabilities) });
        var client = new LegacyClient(person, new Uri($"{gateway.ListensAt}/mcp"), reply.Headers["Mcp-Session-Id"]);
        await client.SendAsync("notifications/initialized");
        return client;
    }

    public Task<McpReply> SendAsync(string method, JsonObject? parameters = null) => _person.LegacyAsync(method, parameters, Session);

    public Task<McpReply> CallAsync(string tool, JsonObject? arguments = null) =>
        SendAsync("tools/call", new JsonObject { ["name"] = tool, ["arguments"] = arguments ?? [] });

    /// <summary>Ends the session; the HTTP status says how that went.</summary>
    public async Task<int> EndAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, _endpoint);
        request.Headers.Add("Mcp-Session-Id", Session);
        using var answer = await _person.Http.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
