using System.Buffers;
using System.Text;
using Cortex.Backends;
using Cortex.Catalog;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;
using Cortex.Foundation.Sealing;
using Cortex.Mcp.Forwarding;
using Cortex.Mcp.Wire;
using Cortex.Sessions;
using Cortex.Sessions.Upstream;

namespace Cortex.Mcp.Relay;

/// <summary>
/// What a native server says in the middle of a call, and what of it the client is told. Requests go to a legacy client that declared the capability, from a
/// legacy server, under a sealed id; any other is answered here, so that no server waits in vain. Log messages pass by level; changes of lists
/// refresh the catalog, which tells those who listen.
/// </summary>
internal sealed class CallRelay(
    McpExchange exchange,
    BackendDefinition backend,
    UpstreamSession? session,
    IReadOnlyList<KeyValuePair<string, string>> credential,
    ForwardLifetime lifetime,
    CallRelayServices services)
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
            case "notifications/resources/updated" when exchange.Era == Era.Modern:
                return false;
            case "notifications/cancelled":
                return TakeCancelled(message, output);
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
        await services.Posts.SendAsync(backend, session, credential, body.WrittenMemory.ToArray(), CancellationToken.None);
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
        await services.Posts.SendAsync(backend, session, credential, answer.WrittenMemory.ToArray(), lifetime.RequestAborted);
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

    private static string Refuse(string method, int? refusal) => refusal switch
    {
        null => $"{MaxOpen} requests of this call wait for the client; ask again when one is answered.",
        McpError.InvalidParams => $"This client takes no '{method}' of this kind; it did not declare it.",
        _ => $"This client takes no '{McpError.Shorten(method)}'.",
    };

    /// <summary>True for progress under the token that the client gave for this call.</summary>
    private bool IsAskedFor(ServerMessage message) =>
        exchange.Message.Raw(McpMembers.ProgressToken) is { IsEmpty: false } token && JsonText.IsSame(message.ProgressToken, token.Span);

    private bool TakeCancelled(ServerMessage message, PooledBuffer output)
    {
        string? outward;
        lock (_open)
            _open.Remove(Encoding.UTF8.GetString(message.CancelledId), out outward);
        if (outward is null)
            return false;
        lifetime.Answered(backend.Options.IdleTimeout);
        message.WriteCancelling(JsonText.Quote(outward), output);
        return true;
    }

    /// <summary>A modern client hears logs only when it asked; a legacy one until it sets a level.</summary>
    private bool Passes(ServerMessage message) =>
        (exchange.Era == Era.Legacy || exchange.LogLevel is not null) && LogLevels.Passes(exchange.LogLevel, message.LogLevel);
}

/// <summary>What every <see cref="CallRelay"/> uses.</summary>
internal sealed record CallRelayServices(Sealer Sealer, UpstreamPosts Posts, CatalogRefresher Refresher);
