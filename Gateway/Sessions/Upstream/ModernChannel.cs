using System.Net;
using System.Text.Json;
using Cortex.Foundation.Model;
using Cortex.Identity.Credentials;

namespace Cortex.Sessions.Upstream;

/// <summary>Listens to a modern server: <c>subscriptions/listen</c>, whose answer is the stream.</summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/subscriptions"/></remarks>
internal sealed class ModernChannel(HttpClient http, UpstreamListening wish) : UpstreamChannel
{
    private const string Method = "subscriptions/listen";

    /// <summary>Room for an acknowledgement that repeats every URI, with escapes.</summary>
    private readonly int _maxEventBytes = MaxEventBytes + wish.Topics.Uris.Sum(uri => (uri.Length + 1) * 6);

    public override async Task<UpstreamListeningEnd> ConnectAsync(
        CredentialResult.Granted credential, Action<UpstreamNotice> tell, CancellationToken cancellationToken)
    {
        WasAccepted = false;
        using var request = UpstreamHttp.Post(wish.Backend, null, credential.Headers, UpstreamRequests.Body("cortex-listen", Method, WriteParams));
        request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", wish.Version.Value);
        request.Headers.TryAddWithoutValidation("Mcp-Method", Method);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(wish.Backend.Options.Timeout);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
        deadline.CancelAfter(Timeout.InfiniteTimeSpan);
        if (response.StatusCode != HttpStatusCode.OK || !UpstreamRequests.IsEventStream(response))
            return await RefusalAsync(response, deadline.Token);
        var end = await ReadAsync(response, _maxEventBytes, static _ => { }, message => ValueTask.FromResult(Take(message, tell)), cancellationToken);
        return end ?? new UpstreamListeningEnd.Closed(IsLossless: false);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private UpstreamListeningEnd? Take(UpstreamMessage message, Action<UpstreamNotice> tell)
    {
        if (message.IsResponse)
            return message.ErrorCode is { } code ? Refusal(code) : new UpstreamListeningEnd.Closed(IsLossless: false);
        if (message.Method == "notifications/subscriptions/acknowledged")
        {
            WasAccepted = true;
            tell(new UpstreamNotice(UpstreamNoticeKind.Listening));
        }
        else if (message.Notice is { } notice)
        {
            tell(notice);
        }

        return null;
    }

    private static async Task<UpstreamListeningEnd> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (CredentialRefusal.Read(response) is { } refusal)
            return new UpstreamListeningEnd.CredentialRefused(refusal, $"it answered {(int)response.StatusCode}.");
        var message = await UpstreamRequests.ReadMessageAsync(response, cancellationToken);
        if (message?.ErrorCode is { } code)
            return Refusal(code);
        return response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed
            ? new UpstreamListeningEnd.Refused($"it answered {(int)response.StatusCode}.")
            : new UpstreamListeningEnd.Failed($"it answered {(int)response.StatusCode}.");
    }

    private static UpstreamListeningEnd Refusal(long code) => code == UpstreamRequests.MethodNotFound
        ? new UpstreamListeningEnd.Refused("it does not know the method.")
        : new UpstreamListeningEnd.Failed($"it answered with the error {code}.");

    private void WriteParams(Utf8JsonWriter json)
    {
        json.WriteStartObject("_meta");
        json.WriteString("io.modelcontextprotocol/protocolVersion", wish.Version.Value);
        json.WriteStartObject("io.modelcontextprotocol/clientCapabilities");
        json.WriteEndObject();
        json.WriteStartObject("io.modelcontextprotocol/clientInfo");
        json.WriteString("name", "cortex-gateway");
        json.WriteString("version", ThisAssembly.Version);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("notifications");
        if (wish.Topics.Tools)
            json.WriteBoolean("toolsListChanged", true);
        if (wish.Topics.Prompts)
            json.WriteBoolean("promptsListChanged", true);
        if (wish.Topics.Resources)
            json.WriteBoolean("resourcesListChanged", true);
        if (wish.Topics.Uris.Count > 0)
        {
            json.WriteStartArray("resourceSubscriptions");
            foreach (var uri in wish.Topics.Uris)
                json.WriteStringValue(uri);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
