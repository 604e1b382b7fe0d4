using System.Net;
using Cortex.Backends;
using Cortex.Identity.Credentials;
using Yarp.ReverseProxy;

namespace Cortex.Sessions.Upstream;

/// <summary>
/// Listens to a legacy server: a session of its own, since a server tells each thing on one stream of a session only,
/// (1) the GET stream, (2) <c>resources/subscribe</c> for each resource; a stream that ends is resumed by the id of its last event.
/// </summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#listening-for-messages-from-the-server"/></remarks>
internal sealed class LegacyChannel(IProxyStateLookup proxy, UpstreamHandshake handshake, UpstreamListening wish, TimeProvider time) : UpstreamChannel
{
    /// <summary>Some servers send no header before the first event.</summary>
    private static readonly TimeSpan HeaderPatience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(2);

    private HttpClient? _http;
    private UpstreamSession? _session;
    private CredentialResult.Granted? _credential;
    private string _lastId = "";
    private bool _isSubscribed;

    public override async Task<UpstreamListeningEnd> ConnectAsync(
        CredentialResult.Granted credential, Action<UpstreamNotice> tell, CancellationToken cancellationToken)
    {
        WasAccepted = false;
        if (_credential?.Account != credential.Account)
            _session = null;
        _credential = credential;
        if (_session is null && await OpenAsync(credential, cancellationToken) is { } failure)
            return failure;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var opening = OpenStreamAsync(credential, stop.Token);
        try
        {
            var refusal = _isSubscribed ? null : await SubscribeAsync(credential, stop.Token);
            if (refusal is not null)
                return refusal;
            await Task.WhenAny(opening, Task.Delay(HeaderPatience, time, stop.Token));
            if (!opening.IsCompleted)
                Accept(tell);
            using var response = await opening;
            if (response.StatusCode != HttpStatusCode.OK || !UpstreamRequests.IsEventStream(response))
                return Refusal(response);
            if (!WasAccepted)
                Accept(tell);
            var end = await ReadAsync(response, MaxEventBytes, id => _lastId = id, message => TakeAsync(message, credential, tell, cancellationToken), cancellationToken);
            return end ?? new UpstreamListeningEnd.Closed(IsLossless: _lastId.Length > 0);
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (opening.IsCompletedSuccessfully)
                (await opening).Dispose();
        }
    }

    /// <summary>Ends the session, as far as the server can be reached.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (_http is null)
            return;
        try
        {
            if (_session is { SessionId: not null } && _credential is not null)
            {
                using var deadline = new CancellationTokenSource(LeavePatience, time);
                using var leave = UpstreamHttp.Delete(wish.Backend, _session, _credential.Headers);
                using var response = await _http.SendAsync(leave, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            // The server is gone, or takes its time: it forgets the session by itself.
        }

        _http.Dispose();
    }

    private async Task<UpstreamListeningEnd?> OpenAsync(CredentialResult.Granted credential, CancellationToken cancellationToken)
    {
        switch (await handshake.OpenAsync(wish.Backend, ClientCapabilities.None, credential, cancellationToken))
        {
            case UpstreamSessionResult.Ready ready:
                _session = ready.Session;
                (_lastId, _isSubscribed) = ("", false);
                _http?.Dispose();
                _http = new HttpClient(new ClusterHandler(proxy, wish.Backend.Id.Value, long.MaxValue, ready.Session.Destination)) { Timeout = Timeout.InfiniteTimeSpan };
                return null;
            case UpstreamSessionResult.Refused refused:
                return new UpstreamListeningEnd.Failed(refused.Reason);
            case UpstreamSessionResult.CredentialRefused refused:
                return new UpstreamListeningEnd.CredentialRefused(refused.Refusal, refused.Reason);
            case UpstreamSessionResult.Unreachable unreachable:
                return new UpstreamListeningEnd.Failed(unreachable.Reason);
            default:
                throw new InvalidOperationException("Unknown outcome of a handshake.");
        }
    }

    private async Task<HttpResponseMessage> OpenStreamAsync(CredentialResult.Granted credential, CancellationToken cancellationToken)
    {
        using var request = UpstreamHttp.Get(wish.Backend, _session!, credential.Headers, _lastId.Length > 0 ? _lastId : null);
        return await _http!.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private async Task<UpstreamListeningEnd?> SubscribeAsync(CredentialResult.Granted credential, CancellationToken cancellationToken)
    {
        for (var i = 0; i < wish.Topics.Uris.Count; i++)
        {
            var uri = wish.Topics.Uris[i];
            var body = UpstreamRequests.Body($"cortex-subscribe-{i}", "resources/subscribe", json => json.WriteString("uri", uri));
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(wish.Backend.Options.Timeout);
            using var request = UpstreamHttp.Post(wish.Backend, _session, credential.Headers, body);
            using var response = await _http!.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                return Refusal(response);
            if ((await UpstreamRequests.ReadMessageAsync(response, deadline.Token))?.ErrorCode == UpstreamRequests.MethodNotFound)
                return new UpstreamListeningEnd.Refused("it does not know resources/subscribe.");
        }

        _isSubscribed = true;
        return null;
    }

    private void Accept(Action<UpstreamNotice> tell)
    {
        WasAccepted = true;
        tell(new UpstreamNotice(UpstreamNoticeKind.Listening));
    }

    private async ValueTask<UpstreamListeningEnd?> TakeAsync(
        UpstreamMessage message, CredentialResult.Granted credential, Action<UpstreamNotice> tell, CancellationToken cancellationToken)
    {
        if (message.Notice is { } notice)
            tell(notice);
        else if (message.Method == "ping" && !message.Id.IsEmpty)
            await AnswerPingAsync(message.Id, credential, cancellationToken);
        return null;
    }

    private async Task AnswerPingAsync(ReadOnlyMemory<byte> id, CredentialResult.Granted credential, CancellationToken cancellationToken)
    {
        byte[] body = [.. "{\"jsonrpc\":\"2.0\",\"id\":"u8, .. id.Span, .. ",\"result\":{}}"u8];
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(wish.Backend.Options.Timeout);
        using var request = UpstreamHttp.Post(wish.Backend, _session, credential.Headers, body);
        using var response = await _http!.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
    }

    /// <summary>A session that the server has lost, or a stream it can't resume, is begun anew the next time.</summary>
    private UpstreamListeningEnd Refusal(HttpResponseMessage reply)
    {
        if (reply.StatusCode == HttpStatusCode.MethodNotAllowed)
            return new UpstreamListeningEnd.Refused("it has no stream of notifications.");
        _session = null;
        var reason = $"it answered {(int)reply.StatusCode}.";
        return CredentialRefusal.Read(reply) is { } refusal ? new UpstreamListeningEnd.CredentialRefused(refusal, reason) : new UpstreamListeningEnd.Failed(reason);
    }
}
