using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;

namespace Cortex.Tests.Fixtures;

/// <summary>An event stream of <c>/mcp</c> that a test holds open and reads as it comes.</summary>
internal sealed class TestStream : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly HttpResponseMessage _response;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<TestEvent> _events = new();
    private readonly ConcurrentQueue<string> _comments = new();
    private readonly Task _reading;

    private TestStream(HttpClient http, HttpResponseMessage response)
    {
        _http = http;
        _response = response;
        _reading = response.IsSuccessStatusCode ? ReadAsync() : Task.CompletedTask;
    }

    public int Status => (int)_response.StatusCode;

    public HttpResponseMessage Response => _response;

    /// <summary>All events so far, oldest first.</summary>
    public IReadOnlyList<TestEvent> Events => [.. _events];

    /// <summary>Methods of all messages so far, oldest first.</summary>
    public IReadOnlyList<string> Methods => [.. _events.Where(item => item.Message is not null).Select(item => (string?)item.Message!["method"] ?? "")];

    public IReadOnlyList<string> Comments => [.. _comments];

    /// <summary>True once the server has ended the stream.</summary>
    public bool IsEnded => _reading.IsCompleted;

    /// <summary>Opens the GET stream of a session.</summary>
    public static Task<TestStream> GetAsync(
        TestPerson person, GatewayHost replica, string? session, string? lastEventId = null, string version = "2025-11-25", string accept = "text/event-stream")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{replica.ListensAt}{person.Path}"));
        request.Headers.Add("MCP-Protocol-Version", version);
        request.Headers.Add("Accept", accept);
        if (session is not null)
            request.Headers.Add("Mcp-Session-Id", session);
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        return OpenAsync(person, request);
    }

    /// <summary>Opens a subscription and waits for its first message.</summary>
    public static async Task<TestStream> ListenAsync(TestPerson person, GatewayHost replica, JsonNode notifications, JsonNode? id = null)
    {
        var body = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = id ?? "sub-1",
            ["method"] = "subscriptions/listen",
            ["params"] = new JsonObject
            {
                ["_meta"] = new JsonObject
                {
                    ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
                    ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
                },
                ["notifications"] = notifications,
            },
        };
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{replica.ListensAt}{person.Path}")) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "subscriptions/listen");
        var stream = await OpenAsync(person, request);
        if (stream.Response.Content.Headers.ContentType?.MediaType == "text/event-stream")
            await stream.UntilAsync(() => stream.Events.Count > 0);
        return stream;
    }

    /// <summary>Waits until the condition holds.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            if (deadline.IsCancellationRequested)
                throw new TimeoutException($"After 20 s: {Status}, events: {string.Join(" | ", Events)}, comments: {string.Join(" | ", Comments)}");
            await Task.Delay(20, CancellationToken.None);
        }
    }

    /// <summary>Waits until so many messages of the method came.</summary>
    public Task UntilAsync(string method, int count = 1) => UntilAsync(() => Methods.Count(seen => seen == method) >= count);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _response.Dispose();
        _http.Dispose();
        _stop.Dispose();
    }

    private static async Task<TestStream> OpenAsync(TestPerson person, HttpRequestMessage request)
    {
        using (request)
        {
            var http = new HttpClient { Timeout = TimeSpan.FromSeconds(100) };
            foreach (var (name, values) in person.Http.DefaultRequestHeaders)
                http.DefaultRequestHeaders.TryAddWithoutValidation(name, values);
            return new TestStream(http, await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
        }
    }

    private async Task ReadAsync()
    {
        using var reader = new StreamReader(await _response.Content.ReadAsStreamAsync(_stop.Token));
        var fields = new List<(string Name, string Value)>();
        try
        {
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
                Take(line, fields);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The connection was cut.
        }
    }

    private void Take(string line, List<(string Name, string Value)> fields)
    {
        if (line.StartsWith(':'))
        {
            _comments.Enqueue(line[1..].Trim());
        }
        else if (line.Length > 0)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            fields.Add((line[..colon], line[(colon + 1)..].TrimStart()));
        }
        else if (fields.Count > 0)
        {
            var data = string.Concat(fields.Where(field => field.Name == "data").Select(field => field.Value));
            _events.Enqueue(new TestEvent(
                fields.LastOrDefault(field => field.Name == "id").Value,
                fields.LastOrDefault(field => field.Name == "retry").Value,
                data,
                data.Length > 0 ? JsonNode.Parse(data)!.AsObject() : null));
            fields.Clear();
        }
    }
}

/// <summary>One event.</summary>
internal sealed record TestEvent(string? Id, string? Retry, string Data, JsonObject? Message);
