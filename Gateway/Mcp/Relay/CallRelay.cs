using System.Buffers;
using System.Text;
using Cortex.Backends;
using Cortex.Catalog;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Cortex.Identity.Credentials;
using Cortex.Mcp.Forwarding;
using Cortex.Mcp.Streams;
using Cortex.Mcp.Wire;
using Cortex.Sessions;
using Cortex.Sessions.Upstream;

namespace Cortex.Mcp.Relay;

/// <summary>
/// What a native server says in the middle of a call, and what of it the client is told. Requests go to a legacy client that declared the capability, from a
/// legacy server, under a sealed id; any other is answered here, so that no server waits in vain. Log messages pass by level; changes of lists
/// refresh the catalog, which tells those who listen.
/// </summary>
internal sealed partial class CallRelay(
    McpExchange exchange,
    BackendDefinition backend,
    UpstreamSession? session,
    CallCredential credential,
    ForwardLifetime lifetime,
    CallRelayServices services) : IAsyncDisposable
{
    /// <summary>Most questions that may wait for the client at once.</summary>
    private const int MaxOpen = 32;

    private readonly Dictionary<string, string> _open = [];

    /// <summary>Takes a message.</summary>
    /// <param name="message">The message; its id is not the server's own any more.</param>
    /// <param name="id">The server's own id, raw; empty for a notification.</param>
    /// <param name="output">Receives what the client is to be told.</param>
    /// <returns>True when the client is to be told anything.</returns>
    public async ValueTask<bool> TakeAsync(ServerMessage message, string id, PooledBuffer output)
    {
        if (message.IsRequest)
            return await TakeRequestAsync(message, id, output);
        switch (message.Method)
        {
            case "notifications/message" when !Passes(message):
                return false;
            case "notifications/progress" when !IsAskedFor(message):
                return false;
            case "notifications/tools/list_changed" or "notifications/prompts/list_changed" or "notifications/resources/list_changed":
                services.Refresher.Refresh(backend.Id);
                return false;
            case "notifications/resources/updated" when !IsWatched(message.Uri):
                return false;
            case "notifications/cancelled":
                return await TakeCancelledAsync(message, output);
        }

        output.Write(message.Json.Span);
        return true;
    }

    /// <summary>The client has answered a request; the call's clock runs again.</summary>
    public void OnAnswered(string outwardId)
    {
        lock (_open)
        {
            foreach (var (id, outward) in _open)
            {
                if (outward != outwardId)
                    continue;
                _open.Remove(id);
                lifetime.Answered(backend.Options.IdleTimeout);
                return;
            }
        }
    }

    /// <summary>The client wants the answer no more: tells a legacy server so.</summary>
    public async Task CancelAsync(ReadOnlyMemory<byte> upstreamId)
    {
        if (session is null)
            return;
        using var body = new PooledBuffer(128);
        body.Write("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":"u8);
        body.Write(upstreamId.Span);
        body.Write(",\"reason\":\"The client cancelled the request.\"}}"u8);
        await services.Posts.SendAsync(backend, session, await credential.NowAsync(CancellationToken.None), body.WrittenMemory.ToArray(), CancellationToken.None);
    }

    /// <summary>The call has ended: what the server asked in it takes no answer any more.</summary>
    public async ValueTask DisposeAsync()
    {
        string[] open;
        lock (_open)
        {
            open = [.. _open.Values];
            _open.Clear();
        }

        foreach (var outward in open)
            await CloseAsync(outward);
    }

    private async ValueTask<bool> TakeRequestAsync(ServerMessage message, string id, PooledBuffer output)
    {
        if (session is null)
            return false;
        int? refusal = McpError.MethodNotFound;
        if (exchange is { Era: Era.Legacy, IsBatched: false, SessionKey: { } key } && (refusal = RelayedMethods.FindRefusal(message, exchange.Capabilities)) is null)
        {
            var outward = RelayedRequest.Of(backend, session, id).Seal(services.Sealer, key);
            switch (TryOpen(id, outward))
            {
                case true when !await TryAwaitAnswerAsync(key, outward):
                    OnAnswered(outward);
                    break;
                case true:
                    message.WriteAs(JsonText.Quote(outward), output);
                    return true;
                case false:
                    return false;
            }
        }

        using var answer = new PooledBuffer(256);
        if (message.Method == "ping")
            JsonRpcResultWriter.Write(answer, Encoding.UTF8.GetBytes(id), "{}"u8);
        else
            JsonRpcErrorWriter.Write(answer, Encoding.UTF8.GetBytes(id), refusal ?? McpError.InternalError, Refuse(message.Method, refusal), default);
        await services.Posts.SendAsync(backend, session, await credential.NowAsync(lifetime.RequestAborted), answer.WrittenMemory.ToArray(), lifetime.RequestAborted);
        return false;
    }

    /// <summary>Waits for the client's answer; false when one is waited for under this id already, null when too many are.</summary>
    private bool? TryOpen(string id, string outward)
    {
        lock (_open)
        {
            if (_open.ContainsKey(id))
                return false;
            if (_open.Count >= MaxOpen)
                return null;
            _open[id] = outward;
        }

        lifetime.Wait();
        return true;
    }

    /// <summary>Every replica is to take the answer; false when that can't be noted at the moment.</summary>
    private async ValueTask<bool> TryAwaitAnswerAsync(SessionKey session, string outward)
    {
        try
        {
            await services.Questions.OpenAsync(session, outward, CancellationToken.None);
            return true;
        }
        catch (SharedStateException exception)
        {
            Log.NotOpened(services.Logger, exception, backend.Id.Value);
            return false;
        }
    }

    /// <summary>No answer is taken any more.</summary>
    private async ValueTask CloseAsync(string outward)
    {
        if (exchange.SessionKey is not { } key)
            return;
        try
        {
            await services.Questions.TryTakeAsync(key, outward, CancellationToken.None);
        }
        catch (SharedStateException exception)
        {
            Log.NotClosed(services.Logger, exception, backend.Id.Value);
        }
    }

    private static string Refuse(string method, int? refusal) => refusal switch
    {
        null => $"The client can't be asked now, or {MaxOpen} requests of this call wait for it; ask again later.",
        McpError.InvalidParams => $"This client takes no '{method}' of this kind; it did not declare it.",
        _ => $"This client takes no '{McpError.Shorten(method)}'.",
    };

    /// <summary>True for progress under the token that the client gave for this call.</summary>
    private bool IsAskedFor(ServerMessage message) =>
        exchange.Message.Raw(McpMembers.ProgressToken) is { IsEmpty: false } token && JsonText.IsSame(message.ProgressToken, token.Span);

    /// <summary>True for a resource, or a part of one, that the client's session has subscribed to; a modern client subscribes with streams of their own.</summary>
    private bool IsWatched(string? uri) =>
        uri is not null && exchange is { Era: Era.Legacy, Session.Subscriptions: var watched } && watched.Any(each => new WatchedResource(each, each).PublicUriOf(uri) is not null);

    private async ValueTask<bool> TakeCancelledAsync(ServerMessage message, PooledBuffer output)
    {
        string? outward;
        lock (_open)
            _open.Remove(Encoding.UTF8.GetString(message.CancelledId), out outward);
        if (outward is null)
            return false;
        lifetime.Answered(backend.Options.IdleTimeout);
        await CloseAsync(outward);
        message.WriteCancelling(JsonText.Quote(outward), output);
        return true;
    }

    /// <summary>A modern client hears logs only when it asked; a legacy one until it sets a level.</summary>
    private bool Passes(ServerMessage message) =>
        (exchange.Era == Era.Legacy || exchange.LogLevel is not null) && LogLevels.Passes(exchange.LogLevel, message.LogLevel);

    private static partial class Log
    {
        [LoggerMessage(5120, LogLevel.Warning, "A request of backend '{Backend}' can't be put to its client: the shared state did not note it.")]
        public static partial void NotOpened(ILogger logger, Exception exception, string backend);

        [LoggerMessage(5121, LogLevel.Warning, "A request of backend '{Backend}' whose call has ended could not be closed; it takes an answer until it expires.")]
        public static partial void NotClosed(ILogger logger, Exception exception, string backend);
    }
}

/// <summary>What every <see cref="CallRelay"/> uses.</summary>
internal sealed record CallRelayServices(Sealer Sealer, OpenQuestions Questions, UpstreamPosts Posts, CatalogRefresher Refresher, ILogger<CallRelay> Logger);
