using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json.Nodes;

namespace Cortex.Tests.Fixtures;

/// <summary>A stream of events from <c>/mcp</c>, read one by one while it is open.</summary>
internal sealed class McpStream : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpResponseMessage _response;
    private readonly Stream _body;
    private readonly SseParser<string> _parser;
    private readonly IAsyncEnumerator<SseItem<string>> _events;

    private McpStream(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _body = body;
        _parser = SseParser.Create(body);
        _events = _parser.EnumerateAsync().GetAsyncEnumerator();
    }

    public int Status => (int)_response.StatusCode;

    public HttpResponseMessage Response => _response;

    /// <summary>Id of the latest event.</summary>
    public string LastEventId => _parser.LastEventId;

    /// <summary>Time to wait before coming back, as the server said.</summary>
    public TimeSpan Retry => _parser.ReconnectionInterval;

    /// <summary>Posts a message and opens the reply.</summary>
    public static Task<McpStream> PostAsync(TestPerson person, string url, JsonObject message, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{url}/mcp")) { Content = new StringContent(message.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        return OpenAsync(person, request, headers);
    }

    /// <summary>Opens the stream of a legacy session.</summary>
    public static Task<McpStream> GetAsync(TestPerson person, string url, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{url}/mcp"));
        request.Headers.Add("Accept", "text/event-stream");
        return OpenAsync(person, request, headers);
    }

    /// <summary>The next message; events without data are passed over. Null when the stream has ended.</summary>
    public async Task<JsonObject?> NextAsync()
    {
        while (await NextEventAsync() is { } item)
        {
            if (item.Data.Length > 0)
                return JsonNode.Parse(item.Data)!.AsObject();
        }

        return null;
    }

    /// <summary>The next event, also one without data; null when the stream has ended.</summary>
    public async Task<SseItem<string>?> NextEventAsync() =>
        await _events.MoveNextAsync().AsTask().WaitAsync(Patience) ? _events.Current : null;

    public async ValueTask DisposeAsync()
    {
        _response.Dispose();
        await _body.DisposeAsync();
    }

    private static async Task<McpStream> OpenAsync(TestPerson person, HttpRequestMessage request, (string Name, string Value)[] headers)
    {
        using (request)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", person.AccessToken);
            foreach (var (name, value) in headers)
                request.Headers.TryAddWithoutValidation(name, value);
            var response = await person.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);
            return new McpStream(response, await response.Content.ReadAsStreamAsync());
        }
    }
}
