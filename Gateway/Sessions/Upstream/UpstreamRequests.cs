using Cortex.Backends;

namespace Cortex.Sessions.Upstream;

/// <summary>Makes the HTTP requests of the gateway's own in a caller's session at a legacy native server.</summary>
internal static class UpstreamRequests
{
    public static HttpRequestMessage Create(
        HttpMethod method, BackendDefinition backend, UpstreamSession session, IReadOnlyList<KeyValuePair<string, string>> credential)
    {
        var request = new HttpRequestMessage(method, new Uri($"http://{backend.Id}.invalid{backend.Path}"));
        if (method == HttpMethod.Post)
            request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", session.Version.Value);
        if (session.SessionId is { } id)
            request.Headers.TryAddWithoutValidation("Mcp-Session-Id", id);
        foreach (var (name, value) in credential)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
