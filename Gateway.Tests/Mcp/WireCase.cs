using System.Text;
using Cortex.Tests.Fixtures;

namespace Cortex.Tests.Mcp;

/// <summary>One row of a table of the wire: a request, and how it must be answered.</summary>
/// <param name="Name">What the row is about.</param>
/// <param name="Status">HTTP status of the answer.</param>
/// <param name="Code">Code of the JSON-RPC error; null when the answer is a result, or nothing at all.</param>
internal sealed record WireCase(string Name, int Status, int? Code = null)
{
    public const string Modern = "2026-07-28";
    public const string Meta = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";

    public HttpMethod HttpMethod { get; init; } = HttpMethod.Post;

    public string? Body { get; init; }

    public string? Version { get; init; }

    public string? McpMethod { get; init; }

    public string? McpName { get; init; }

    /// <summary>The session: <c>own</c>, <c>foreign</c>, <c>ended</c>, or a literal.</summary>
    public string? Session { get; init; }

    public string? Origin { get; init; }

    public bool HasToken { get; init; } = true;

    /// <summary>The raw id that the answer must have.</summary>
    public string? Id { get; init; } = "\"r-1\"";

    /// <summary>What the body of the answer must contain.</summary>
    public string[] Says { get; init; } = [];

    /// <summary>Headers that the answer must have.</summary>
    public string[] Headers { get; init; } = [];

    /// <summary>Headers that the answer must not have.</summary>
    public string[] NoHeaders { get; init; } = [];

    public override string ToString() => Name;

    /// <summary>A request of the modern era with all that it demands.</summary>
    public static string ModernBody(string method, string parameters = "", string meta = Meta) =>
        $$"""{"jsonrpc":"2.0","id":"r-1","method":"{{method}}","params":{ {{meta}}{{(meta.Length > 0 && parameters.Length > 0 ? "," : "")}}{{parameters}} } }""";

    /// <summary>A request of the legacy era.</summary>
    public static string LegacyBody(string method, string parameters = "") => $$"""{"jsonrpc":"2.0","id":"r-1","method":"{{method}}","params":{ {{parameters}} } }""";

    /// <summary>Sends the request.</summary>
    /// <param name="session">Finds the session that <see cref="Session"/> names.</param>
    public async Task<McpReply> SendAsync(TestPerson person, string url, Func<string, string> session)
    {
        using var anonymous = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod, new Uri(url));
        if (Body is not null)
            request.Content = new StringContent(Body, Encoding.UTF8, "application/json");
        request.Headers.Add("Accept", "application/json, text/event-stream");
        Add("MCP-Protocol-Version", Version);
        Add("Mcp-Method", McpMethod);
        Add("Mcp-Name", McpName);
        Add("Mcp-Session-Id", Session is null ? null : session(Session));
        Add("Origin", Origin);
        return await McpReply.ReadAsync(await (HasToken ? person.Http : anonymous).SendAsync(request));

        void Add(string name, string? value)
        {
            if (value is not null)
                request.Headers.Add(name, value);
        }
    }
}
