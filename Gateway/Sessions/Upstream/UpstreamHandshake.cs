using System.Net;
using System.Text.Json;
using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Credentials;
using Yarp.ReverseProxy;

namespace Cortex.Sessions.Upstream;

/// <summary>
/// The handshake with a legacy native server, as the caller:
/// (1) <c>initialize</c> to one available destination, to the next where the connection fails, (2) read the revision, the capabilities and
/// <c>Mcp-Session-Id</c> from the answer, JSON or SSE, (3) <c>notifications/initialized</c>.
/// </summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle"/></remarks>
internal sealed class UpstreamHandshake(IProxyStateLookup proxy, UpstreamDestinations destinations, TimeProvider time)
{
    private const string InitializeId = "cortex-initialize";
    private const long MaxAnswerBytes = 1024 * 1024;

    public async Task<UpstreamSessionResult> OpenAsync(
        BackendDefinition backend, ClientCapabilities capabilities, CredentialResult.Granted credential, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(backend.Options.Timeout);
        UpstreamSessionResult result = new UpstreamSessionResult.Unreachable("it has no available destination.");
        foreach (var destination in destinations.Available(backend))
        {
            try
            {
                return await OpenAsync(backend, destination, capabilities, credential, deadline.Token);
            }
            catch (HttpRequestException exception)
            {
                result = new UpstreamSessionResult.Unreachable($"the connection failed ({exception.HttpRequestError}).");
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

        return result;
    }

    private async Task<UpstreamSessionResult> OpenAsync(
        BackendDefinition backend,
        UpstreamDestination destination,
        ClientCapabilities capabilities,
        CredentialResult.Granted credential,
        CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new ClusterHandler(proxy, backend.Id.Value, MaxAnswerBytes, destination.Id));
        using var initialize = UpstreamHttp.Post(backend, null, credential.Headers, InitializeBody(capabilities));
        using var answer = await http.SendAsync(initialize, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.OK)
            return Refused(answer, credential, "initialize");
        var message = await UpstreamHttp.ReadAnswerAsync(answer, InitializeId, cancellationToken);
        if (ReadAgreement(message) is not { } agreed)
            return new UpstreamSessionResult.Refused("it refused initialize.");
        if (ProtocolVersion.Find(agreed.Version) is not { Era: Era.Legacy } version)
            return new UpstreamSessionResult.Refused($"it speaks MCP {agreed.Version}, which the gateway can't use with initialize.");
        var sessionId = answer.Headers.TryGetValues("Mcp-Session-Id", out var values) ? values.First() : null;
        var session = new UpstreamSession(destination.Id, destination.Address, sessionId, version, agreed.Logs, null, time.GetUtcNow()) { Account = credential.Account };
        using var initialized = UpstreamHttp.Post(backend, session, credential.Headers, """{"jsonrpc":"2.0","method":"notifications/initialized"}"""u8.ToArray());
        using var accepted = await http.SendAsync(initialized, cancellationToken);
        return accepted.IsSuccessStatusCode
            ? new UpstreamSessionResult.Ready(session)
            : Refused(accepted, credential, "notifications/initialized");
    }

    private static UpstreamSessionResult Refused(HttpResponseMessage reply, CredentialResult.Granted credential, string method)
    {
        var reason = $"it answered {(int)reply.StatusCode} to {method}.";
        return CredentialRefusal.Read(reply) is { } refusal
            ? new UpstreamSessionResult.CredentialRefused(refusal, credential, reason)
            : new UpstreamSessionResult.Refused(reason);
    }

    private static byte[] InitializeBody(ClientCapabilities capabilities)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc", "2.0");
            json.WriteString("id", InitializeId);
            json.WriteString("method", "initialize");
            json.WriteStartObject("params");
            json.WriteString("protocolVersion", ProtocolVersion.LatestLegacy.Value);
            json.WritePropertyName("capabilities");
            json.WriteRawValue(capabilities.Json.Span);
            json.WriteStartObject("clientInfo");
            json.WriteString("name", "cortex-gateway");
            json.WriteString("version", ThisAssembly.Version);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static Agreement? ReadAgreement(string message)
    {
        using var document = JsonDocument.Parse(message);
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.Object
            && result.TryGetProperty("protocolVersion", out var version) && version.ValueKind == JsonValueKind.String
                ? new Agreement(version.GetString()!, HasLogging(result))
                : null;
    }

    private static bool HasLogging(JsonElement result) =>
        result.TryGetProperty("capabilities", out var capabilities) && capabilities.ValueKind == JsonValueKind.Object
        && capabilities.TryGetProperty("logging", out var logging) && logging.ValueKind == JsonValueKind.Object;

    /// <summary>What the server answered to <c>initialize</c>.</summary>
    private sealed record Agreement(string Version, bool Logs);
}
