using System.Buffers;
using System.Globalization;
using System.Text;
using Cortex.Catalog;
using Cortex.Catalog.Personal;
using Cortex.Catalog.Toolsets;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Sessions;

namespace Cortex.Mcp.Streams;

/// <summary>
/// The legacy stream: the answer to a GET within a session. It lives as long as the session does, keeps it alive, and is mute while the session has a newer one.
/// </summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#listening-for-messages-from-the-server"/></remarks>
internal sealed partial class SessionStream : ClientStream
{
    private readonly EventId _ids = new();
    private readonly string _id = Guid.NewGuid().ToString("N");
    private readonly SessionKey _key;
    private readonly SessionStreamParts _parts;
    private readonly TimeSpan _retry;
    private readonly IDisposable _listening;
    private ClientSession _session;
    private ListDigests? _seen;
    private bool _isResumed;
    private bool _isActive;

    public SessionStream(Caller caller, RequestLens lens, ClientSession session, string? lastEventId, TimeSpan retry, SessionStreamParts parts)
        : base(caller, lens, CatalogLists.All)
    {
        _key = SessionKey.Of(caller, session.Id);
        _session = session;
        _retry = retry;
        _parts = parts;
        _isResumed = lastEventId is not null;
        _seen = lastEventId is null ? null : EventId.TryRead(lastEventId) ?? default;
        _listening = parts.Signals.Listen(_key, Take);
        parts.Signals.Missed += LookAfterBreak;
        parts.Streams.Enter(_key, _id, Pending);
    }

    public override async ValueTask LookAsync(StreamLook look, ResourceWatches watches, CancellationToken cancellationToken)
    {
        if (look.HasFlag(StreamLook.Session) && !await TryReadSessionAsync(cancellationToken))
            return;
        if (_isActive != _parts.Streams.IsNewest(_key, _id))
        {
            _isActive = !_isActive;
            if (_isActive)
                Begin();
            else
                _parts.Changes.Leave(Caller, Lens.ForLists, Pending);
        }

        watches.Follow(_isActive ? _session.Subscriptions : []);
    }

    /// <summary>Tells the other replicas that this stream is the newest now.</summary>
    public ValueTask AnnounceAsync(CancellationToken cancellationToken) =>
        _parts.Signals.SendAsync(new SessionSignal(SessionSignalKind.StreamOpened, _key, _id), cancellationToken);

    /// <summary>Clients of 2025-11-25 get an event without data, so that they have an id to come back with; older ones take that for a broken message.</summary>
    public override void WriteOpening(PooledBuffer output)
    {
        if (_session.Version != ProtocolVersion.V20251125)
        {
            output.Write(": listening\n\n"u8);
            return;
        }

        output.Write(Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"id: {_ids.Next(Seen())}\nretry: {(long)_retry.TotalMilliseconds}\ndata: \n\n")));
    }

    public override void WriteChange(PooledBuffer output, CatalogLists list)
    {
        _seen = Seen().Take(list, _parts.Changes.DigestsFor(Caller, Lens.ForLists));
        WriteStart(output, MethodOf(list));
        output.Write("\"}\n\n"u8);
    }

    public override void WriteUpdate(PooledBuffer output, string uri)
    {
        WriteStart(output, "notifications/resources/updated"u8);
        output.Write("\",\"params\":{\"uri\":"u8);
        JsonText.WriteString(output, uri);
        output.Write("}}\n\n"u8);
    }

    public override void WriteElicited(PooledBuffer output, string id)
    {
        WriteStart(output, "notifications/elicitation/complete"u8);
        output.Write("\",\"params\":{\"elicitationId\":"u8);
        JsonText.WriteString(output, id);
        output.Write("}}\n\n"u8);
    }

    /// <summary>Nothing: a legacy stream has no last message.</summary>
    public override void WriteEnd(PooledBuffer output)
    {
    }

    public override async ValueTask DisposeAsync()
    {
        _parts.Signals.Missed -= LookAfterBreak;
        _listening.Dispose();
        _parts.Changes.Leave(Caller, Lens.ForLists, Pending);
        _parts.Streams.Closed(_key, _id);
        await _parts.Signals.SendAsync(new SessionSignal(SessionSignalKind.StreamClosed, _key, _id), CancellationToken.None);
    }

    /// <summary>Where the session can't be read at the moment, the stream goes on as it was.</summary>
    private async ValueTask<bool> TryReadSessionAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await _parts.Sessions.FindAsync(Caller, _session.Id, cancellationToken) is { } session)
            {
                _session = session;
                return true;
            }

            Pending.End(StreamEnd.SessionEnded);
            return false;
        }
        catch (SharedStateException exception)
        {
            Log.SessionUnreadable(_parts.Logger, exception);
            return true;
        }
    }

    /// <summary>Hears of changes from here on; a resumed stream also of those since its last event, and of whatever it watches.</summary>
    private void Begin()
    {
        _parts.Changes.Join(Caller, Lens.ForLists, Pending);
        var now = _parts.Changes.DigestsFor(Caller, Lens.ForLists);
        if (_seen is { } seen)
            Pending.Add(seen.DifferenceTo(now));
        _seen ??= now;
        if (!_isResumed)
            return;
        _isResumed = false;
        var catalog = _parts.Toolsets.Narrow(_parts.Catalogs.Peek(Caller), Lens.ForCalls);
        foreach (var uri in _session.Subscriptions.Where(uri => ResourceWatches.CanWatch(catalog, Caller, uri)))
            Pending.Add(uri);
    }

    private ListDigests Seen() => _seen ??= _parts.Changes.DigestsFor(Caller, Lens.ForLists);

    private void WriteStart(PooledBuffer output, ReadOnlySpan<byte> method)
    {
        output.Write(Encoding.ASCII.GetBytes($"event: message\nid: {_ids.Next(Seen())}\n"));
        output.Write("data: {\"jsonrpc\":\"2.0\",\"method\":\""u8);
        output.Write(method);
    }

    private void Take(SessionSignal signal)
    {
        switch (signal.Kind)
        {
            case SessionSignalKind.Ended:
                Pending.End(StreamEnd.SessionEnded);
                break;
            case SessionSignalKind.Changed:
                Pending.Look(StreamLook.Session);
                break;
            case SessionSignalKind.StreamOpened:
                _parts.Streams.Opened(_key, signal.Subject);
                break;
            case SessionSignalKind.StreamClosed:
                _parts.Streams.Closed(_key, signal.Subject);
                break;
            case SessionSignalKind.Elicited when _parts.Streams.IsNewest(_key, _id):
                Pending.AddElicited(signal.Subject);
                break;
        }
    }

    private void LookAfterBreak()
    {
        _parts.Streams.ForgetOthers(_key);
        Pending.Look(StreamLook.Session);
    }

    private static partial class Log
    {
        [LoggerMessage(5211, LogLevel.Warning, "The session of an event stream can't be read; the stream goes on without.")]
        public static partial void SessionUnreadable(ILogger logger, Exception exception);
    }
}

/// <summary>What every stream of a session works with.</summary>
internal sealed record SessionStreamParts(
    ClientSessionStore Sessions, SessionSignals Signals, SessionStreams Streams, ListChanges Changes, PersonalCatalogs Catalogs, ToolsetDirectory Toolsets, ILogger<SessionStream> Logger);
