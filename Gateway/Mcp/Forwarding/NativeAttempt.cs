using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cortex.Catalog;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;
using Cortex.Foundation.Observability;
using Cortex.Identity.Credentials;
using Cortex.Mcp.Relay;
using Cortex.Mcp.Streams;
using Cortex.Mcp.Wire;
using Cortex.Sessions.Upstream;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace Cortex.Mcp.Forwarding;

/// <summary>One attempt at a call to a native server, from the body that goes out to the end of the reply.</summary>
internal sealed class NativeAttempt : IAsyncDisposable
{
    /// <summary>Replicas share sessions at servers, so an id names the replica too.</summary>
    private static readonly string s_idPrefix = $"cortex-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";

    /// <summary>In the place of the client's progress token when it gave none; the relay lets no progress through then.</summary>
    private static readonly ReadOnlyMemory<byte> NoToken = "null"u8.ToArray();

    private static long s_lastUpstreamId;

    private readonly McpExchange _exchange;
    private readonly CatalogItem _item;
    private readonly CallCredential _credential;
    private readonly ProtocolVersion _server;
    private readonly UpstreamSession? _session;
    private readonly LiveCall _live;
    private readonly NativeAttemptServices _services;
    private readonly byte[] _upstreamId;
    private readonly PooledBuffer _body;
    private readonly ForwardLifetime _lifetime;
    private readonly ClientReply _client;
    private readonly CallRelay _relay;
    private readonly InputCheck _input;
    private readonly NativeEvents _events;
    private readonly NativeReplyStream _reply;
    private readonly NativeCall _call;
    private bool _isConfigured;

    public NativeAttempt(
        McpExchange exchange,
        CatalogItem item,
        RequestState round,
        CallCredential credential,
        ProtocolVersion server,
        UpstreamSession? session,
        LiveCall live,
        NativeAttemptServices services)
    {
        (_exchange, _item, _credential, _server, _session, _live, _services) = (exchange, item, credential, server, session, live, services);
        var options = item.Backend.Options;
        var streams = services.Options.CurrentValue.Streams;
        _upstreamId = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\"{s_idPrefix}-{Interlocked.Increment(ref s_lastUpstreamId)}\""));
        _body = new PooledBuffer(exchange.Message.Body.Length + 512);
        NativeBody.Write(_body, exchange, item, server.Era, _upstreamId, round);
        _lifetime = new ForwardLifetime(options.Timeout, options.MaxDuration, services.Time, live.Cancelled);
        var log = exchange is { Era: Era.Legacy, IsBatched: false, SessionKey: { } key } ? services.Logs.Open(key, exchange.Message.Id.ToArray()) : null;
        var writer = new EventStreamWriter(
            exchange.Http, exchange.Http.Features.GetRequiredFeature<IHttpResponseBodyFeature>().Stream, streams.WriteTimeout, services.Time, services.Logger);
        _client = new ClientReply(exchange, writer, streams, log, services.Time);
        _relay = new CallRelay(exchange, item.Backend, session, credential, _lifetime, services.Relay);
        _live.Answered += _relay.OnAnswered;
        _client.Abandoned += OnAbandoned;
        var uriMaps = ResourceUriRules.MapsOf(exchange.Catalog.ResourceUris, item.Backend.Id);
        var rules = NativeRules.For(exchange.Era, server.Era, exchange.Message.Method, uriMaps.Count > 0);
        JsonScalarMap[] maps = [state => services.States.Seal(exchange, item, state), .. uriMaps];
        var progressToken = exchange.Message.Raw(McpMembers.ProgressToken);
        ReadOnlyMemory<byte>[] slots = [_upstreamId, exchange.Message.Id, progressToken.IsEmpty ? NoToken : progressToken];
        _input = new InputCheck(rules, exchange);
        _events = new NativeEvents(rules, _input, maps, slots, _client, _relay);
        _reply = new NativeReplyStream(exchange, rules, _input, maps, slots, _events, _client, _lifetime, options.IdleTimeout);
        _call = new NativeCall(exchange, item, credential.First.Headers, server, session, _body.WrittenMemory, _lifetime, _reply);
    }

    /// <summary>True when the session is of no use any more, since the server does not know it or can't be connected to, and the call may be tried in another.</summary>
    public bool HasLostSession =>
        _session is not null && !_client.HasStarted && !_lifetime.IsCancelled
        && (_call.Failure is NativeFailure.HttpStatus { Status: 404 } or NativeFailure.RpcError { Status: 404 } || IsUnconnected);

    /// <summary>What the server says against the credential, when nothing of its reply went to the client; null when it takes it.</summary>
    public CredentialRefusal? CredentialRefusal => _client.HasStarted || _lifetime.IsCancelled ? null : _call.CredentialRefusal;

    /// <summary>True when no connection came about: the server got nothing of the call, and another destination may serve it.</summary>
    private bool IsUnconnected => _exchange.Http.GetForwarderErrorFeature() is
    {
        Error: ForwarderError.Request,
        Exception: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError },
    };

    /// <summary>Sends the call and passes the reply on, until its end.</summary>
    public async Task RunAsync(RequestDelegate next)
    {
        var operation = McpOperation.Start(McpSide.Client, _services.Time);
        operation.Protocol = _server;
        operation.Backend = _item.Backend.Id;
        operation.Target = _exchange.Operation.Target;
        operation.Open(_exchange.Message.Method);
        try
        {
            var clientBody = _exchange.Http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
            _isConfigured = await _services.Pipeline.RunAsync(_call, _lifetime, new StreamResponseBodyFeature(_reply, clientBody), next);
            if (_session is not null && _client.IsEventStream)
                await _services.Resume.RunAsync(_item.Backend, _session, _credential, _events, _reply, _lifetime);
        }
        finally
        {
            operation.Finish();
        }
    }

    /// <summary>Gives the client what it has not been given: the rest of the answer, or why there is none.</summary>
    public async Task EndAsync()
    {
        await _client.SettleAsync();
        if (_lifetime.IsCancelled && !_events.IsAnswered)
        {
            McpReplies.WriteNothing(_exchange);
            await _client.ForgetAsync();
            await _relay.CancelAsync(_upstreamId);
        }
        else if (!await _reply.TryCompleteAsync())
        {
            await FailAsync(_isConfigured ? _call.Failure ?? Why() : new NativeFailure.Unreachable());
        }
    }

    public async ValueTask DisposeAsync()
    {
        _live.Answered -= _relay.OnAnswered;
        await _relay.DisposeAsync();
        await _client.DisposeAsync();
        await _reply.DisposeAsync();
        _events.Dispose();
        _lifetime.Dispose();
        _body.Dispose();
    }

    /// <summary>Nobody is left to answer the server's question. A call that asks nothing goes on, since it may do things; its deadlines end it.</summary>
    private void OnAbandoned()
    {
        if (_lifetime.IsWaiting)
            _live.Abandon();
    }

    private async Task FailAsync(NativeFailure failure)
    {
        var http = _exchange.Http;
        if (!_client.HasStarted)
        {
            ForwardPipeline.ResetResponse(http.Response);
            await _services.Results.WriteAsync(_exchange, _item, failure, http.RequestAborted);
            return;
        }

        var text = NativeResults.Describe(_exchange, _item, failure);
        if (!_client.IsEventStream)
        {
            http.Abort();
            return;
        }

        using var last = new PooledBuffer();
        _services.Replies.WriteFailureEvent(last, _exchange, text);
        await _client.CutAsync();
        await _client.WriteEventAsync(last.WrittenMemory, isEnd: true, isAnswer: true);
    }

    private NativeFailure Why()
    {
        if (_reply.AsksForInput)
            return _input.Undeclared is { } undeclared ? new NativeFailure.Undeclared(undeclared) : new NativeFailure.NeedsInput();
        if (_reply.IsMalformed)
            return new NativeFailure.Malformed();
        var error = _exchange.Http.GetForwarderErrorFeature()?.Error;
        if (error == ForwarderError.RequestTimedOut || (_lifetime.IsEnded && error is ForwarderError.RequestCanceled or ForwarderError.ResponseBodyCanceled))
            return new NativeFailure.TimedOut(_lifetime.Elapsed > _item.Backend.Options.Timeout ? _lifetime.Elapsed : _item.Backend.Options.Timeout);
        return error is null ? new NativeFailure.NoAnswer() : new NativeFailure.Unreachable();
    }
}

/// <summary>What every <see cref="NativeAttempt"/> uses.</summary>
internal sealed record NativeAttemptServices(
    ForwardPipeline Pipeline,
    McpReplies Replies,
    NativeResults Results,
    NativeResume Resume,
    CallRelayServices Relay,
    RequestStates States,
    StreamLogs Logs,
    IOptionsMonitor<GatewayOptions> Options,
    ILogger<EventStreamWriter> Logger,
    TimeProvider Time);
