using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using Cortex.Backends;

namespace Cortex.Sessions.Upstream;

/// <summary>The form of the gateway's own messages to a native server, and how their answers are read.</summary>
internal static class UpstreamHttp
{
    /// <summary>A message of the gateway's own, under the caller's credential.</summary>
    /// <param name="session">The session it belongs to; null for <c>initialize</c> and for a modern server, which has none.</param>
    public static HttpRequestMessage Post(
        BackendDefinition backend, UpstreamSession? session, IReadOnlyList<KeyValuePair<string, string>> credential, ReadOnlyMemory<byte> body)
    {
        var request = Request(HttpMethod.Post, backend, session, credential);
        request.Content = new ReadOnlyMemoryContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd("text/event-stream");
        return request;
    }

    /// <summary>The event stream of a session, from behind an event on.</summary>
    public static HttpRequestMessage Get(
        BackendDefinition backend, UpstreamSession session, IReadOnlyList<KeyValuePair<string, string>> credential, string? lastEventId)
    {
        var request = Request(HttpMethod.Get, backend, session, credential);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastEventId is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        return request;
    }

    /// <summary>The end of a session.</summary>
    public static HttpRequestMessage Delete(BackendDefinition backend, UpstreamSession session, IReadOnlyList<KeyValuePair<string, string>> credential) =>
        Request(HttpMethod.Delete, backend, session, credential);

    /// <summary>The answer's JSON: the body itself, or the first event that bears the id; <c>{}</c> when there is none.</summary>
    public static async Task<string> ReadAnswerAsync(HttpResponseMessage answer, string id, CancellationToken cancellationToken)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        if (answer.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            using var text = new StreamReader(stream);
            return await text.ReadToEndAsync(cancellationToken);
        }

        await foreach (var message in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            if (message.Data.Contains(id, StringComparison.Ordinal))
                return message.Data;
        }

        return "{}";
    }

    private static HttpRequestMessage Request(
        HttpMethod method, BackendDefinition backend, UpstreamSession? session, IReadOnlyList<KeyValuePair<string, string>> credential)
    {
        var request = new HttpRequestMessage(method, new Uri($"http://{backend.Id}.invalid{backend.Path}"));
        foreach (var (name, value) in credential)
            request.Headers.TryAddWithoutValidation(name, value);
        if (session is null)
            return request;
        request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", session.Version.Value);
        if (session.SessionId is not null)
            request.Headers.TryAddWithoutValidation("Mcp-Session-Id", session.SessionId);
        return request;
    }
}
