using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Cortex.Backends;
using Cortex.Foundation.Model;
using Yarp.ReverseProxy;

namespace Cortex.Sessions.Upstream;

/// <summary>
/// The handshake with a legacy native server, as the caller:
/// (1) <c>initialize</c> to one available destination, (2) read the revision and <c>Mcp-Session-Id</c> from the answer, JSON or SSE,
/// (3) <c>notifications/initialized</c>.
/// </summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle"/></remarks>
internal sealed class UpstreamHandshake(IProxyStateLookup proxy)
{
    private const long MaxAnswerBytes = 1024 * 1024;

    public async Task<UpstreamSessionResult> OpenAsync(
        BackendDefinition backend, IReadOnlyList<KeyValuePair<string, string>> credential, CancellationToken cancellationToken)
    {
        if (!proxy.TryGetCluster(backend.Id.Value, out var cluster) || cluster.DestinationsState.AvailableDestinations is not { Count: > 0 } available)
            return new UpstreamSessionResult.Unreachable("it has no available destination.");
        var destination = available[Random.Shared.Next(available.Count)].DestinationId;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(backend.Options.Timeout);
        using var http = new HttpClient(new ClusterHandler(proxy, backend.Id.Value, MaxAnswerBytes, destination));
        try
        {
            return await OpenAsync(http, backend, credential, destination, deadline.Token);
        }
        catch (HttpRequestException exception)
        {
            return new UpstreamSessionResult.Unreachable($"the connection failed ({exception.HttpRequestError}).");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new UpstreamSessionResult.Unreachable($"it did not answer within {backend.Options.Timeout.TotalSeconds:0.#} s.");
        }
        catch (IOException exception)
        {
            return new UpstreamSessionResult.Refused($"its answer to initialize broke off: {exception.Message}");
        }
        catch (JsonException)
        {
            return new UpstreamSessionResult.Refused("its answer to initialize is not valid JSON.");
        }
    }

    private static async Task<UpstreamSessionResult> OpenAsync(
        HttpClient http, BackendDefinition backend, IReadOnlyList<KeyValuePair<string, string>> credential, string destination, CancellationToken cancellationToken)
    {
        using var initialize = Post(backend, credential, InitializeBody());
        using var answer = await http.SendAsync(initialize, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.OK)
            return new UpstreamSessionResult.Refused($"it answered {(int)answer.StatusCode} to initialize.");
        var message = await ReadAnswerAsync(answer, cancellationToken);
        if (ReadVersion(message) is not { } agreed)
            return new UpstreamSessionResult.Refused("it refused initialize.");
        if (ProtocolVersion.Find(agreed) is not { Era: Era.Legacy } version)
            return new UpstreamSessionResult.Refused($"it speaks MCP {agreed}, which the gateway can't use with initialize.");
        var sessionId = answer.Headers.TryGetValues("Mcp-Session-Id", out var values) ? values.First() : null;
        using var initialized = Post(backend, credential, """{"jsonrpc":"2.0","method":"notifications/initialized"}"""u8.ToArray());
        AddSession(initialized, sessionId, version);
        using var accepted = await http.SendAsync(initialized, cancellationToken);
        return accepted.IsSuccessStatusCode
            ? new UpstreamSessionResult.Ready(new UpstreamSession(destination, sessionId, version))
            : new UpstreamSessionResult.Refused($"it answered {(int)accepted.StatusCode} to notifications/initialized.");
    }

    private static HttpRequestMessage Post(BackendDefinition backend, IReadOnlyList<KeyValuePair<string, string>> credential, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://{backend.Id}.invalid{backend.Path}")) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd("text/event-stream");
        foreach (var (name, value) in credential)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private static void AddSession(HttpRequestMessage request, string? sessionId, ProtocolVersion version)
    {
        request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", version.Value);
        if (sessionId is not null)
            request.Headers.TryAddWithoutValidation("Mcp-Session-Id", sessionId);
    }

    private static byte[] InitializeBody()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc", "2.0");
            json.WriteString("id", "cortex-initialize");
            json.WriteString("method", "initialize");
            json.WriteStartObject("params");
            json.WriteString("protocolVersion", ProtocolVersion.LatestLegacy.Value);
            json.WriteStartObject("capabilities");
            json.WriteEndObject();
            json.WriteStartObject("clientInfo");
            json.WriteString("name", "cortex-gateway");
            json.WriteString("version", ThisAssembly.Version);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>The answer's JSON: the body itself, or the first event with a result or an error.</summary>
    private static async Task<string> ReadAnswerAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            using var text = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
            return await text.ReadToEndAsync(cancellationToken);
        }

        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var message in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            if (message.Data.Contains("cortex-initialize", StringComparison.Ordinal))
                return message.Data;
        }

        return "{}";
    }

    private static string? ReadVersion(string message)
    {
        using var document = JsonDocument.Parse(message);
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.Object
            && result.TryGetProperty("protocolVersion", out var version) && version.ValueKind == JsonValueKind.String
                ? version.GetString()
                : null;
    }
}
