using System.Text.Json.Nodes;

namespace Cortex.Tests.Fixtures;

/// <summary>A session of a legacy client at one replica or several.</summary>
internal sealed class LegacySession(TestPerson person, GatewayHost gateway, string id, string version)
{
    private int _lastId;

    public string Id => id;

    public TestPerson Person => person;

    private (string, string)[] Headers => [("Mcp-Session-Id", id), ("MCP-Protocol-Version", version)];

    /// <param name="capabilities">What the client declares, JSON.</param>
    public static async Task<LegacySession> OpenAsync(TestPerson person, GatewayHost gateway, string capabilities = "{}", string version = "2025-11-25")
    {
        var reply = await person.LegacyAsync("initialize", new JsonObject
        {
            ["protocolVersion"] = version,
            ["capabilities"] = JsonNode.Parse(capabilities),
            ["clientInfo"] = new JsonObject { ["name"] = "tests", ["version"] = "1" },
        });
        return new LegacySession(person, gateway, reply.Headers["Mcp-Session-Id"], version);
    }

    /// <summary>The same session at another replica.</summary>
    public LegacySession At(GatewayHost replica) => new(person.At(replica), replica, id, version);

    /// <summary>Sends a request and reads the whole reply.</summary>
    public Task<McpReply> SendAsync(string method, JsonObject? parameters = null) => person.LegacyAsync(method, parameters, id, version);

    /// <summary>Calls a tool and opens the reply as a stream.</summary>
    public Task<McpStream> CallAsync(string tool, JsonObject? arguments = null, JsonNode? requestId = null, JsonObject? meta = null)
    {
        var parameters = new JsonObject { ["name"] = tool, ["arguments"] = arguments ?? [] };
        if (meta is not null)
            parameters["_meta"] = meta;
        return McpStream.PostAsync(person, gateway.ListensAt, new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = requestId ?? ++_lastId,
            ["method"] = "tools/call",
            ["params"] = parameters,
        }, Headers);
    }

    /// <summary>Posts a notification or an answer; the status.</summary>
    public async Task<McpReply> TellAsync(JsonObject message) => await person.PostAsync(message.ToJsonString(), request =>
    {
        foreach (var (name, value) in Headers)
            request.Headers.Add(name, value);
    });

    /// <summary>Answers a server's request.</summary>
    public Task<McpReply> AnswerAsync(JsonObject request, JsonObject result) =>
        TellAsync(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = request["id"]!.DeepClone(), ["result"] = result });

    /// <summary>Cancels a request of this session.</summary>
    public Task<McpReply> CancelAsync(JsonNode requestId) => TellAsync(new JsonObject
    {
        ["jsonrpc"] = "2.0",
        ["method"] = "notifications/cancelled",
        ["params"] = new JsonObject { ["requestId"] = requestId },
    });

    /// <summary>Opens the session's own stream, or takes up another.</summary>
    public Task<McpStream> ListenAsync(string? lastEventId = null) =>
        McpStream.GetAsync(person, gateway.ListensAt, lastEventId is null ? Headers : [.. Headers, ("Last-Event-ID", lastEventId)]);

    /// <summary>Ends the session.</summary>
    public async Task<int> EndAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, new Uri($"{gateway.ListensAt}/mcp"));
        foreach (var (name, value) in Headers)
            request.Headers.Add(name, value);
        using var reply = await person.Http.SendAsync(request);
        return (int)reply.StatusCode;
    }
}
