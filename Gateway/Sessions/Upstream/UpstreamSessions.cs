using System.Collections.Concurrent;
using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Credentials;

namespace Cortex.Sessions.Upstream;

/// <summary>
/// Sessions at legacy native servers. One belongs to person + client + backend + declared capabilities, stands at one destination, is opened
/// lazily, shared by all replicas, kept while it is used, and opened anew when its destination is gone or the person has linked another account. Thread-safe.
/// </summary>
internal sealed class UpstreamSessions(
    UpstreamSessionStore store, UpstreamHandshake handshake, UpstreamDestinations destinations, UpstreamLogLevel levels, UpstreamClosings closings, TimeProvider time)
{
    private static readonly TimeSpan TouchEvery = UpstreamSessionStore.Lifetime / 12;

    private readonly ConcurrentDictionary<string, Lazy<Task<UpstreamSessionResult>>> _opening = new();

    /// <summary>The caller's session at <paramref name="backend"/>, opened now if there is none.</summary>
    /// <param name="caller">Whose session.</param>
    /// <param name="backend">A legacy server.</param>
    /// <param name="capabilities">What is declared to the server, no more and no less.</param>
    /// <param name="level">The least grave level of log messages wanted; the server is told when it was told a graver one. Null asks for nothing.</param>
    /// <param name="credential">The caller's credential for the backend.</param>
    /// <param name="cancellationToken">Ends the wait; a handshake that others wait for goes on.</param>
    public async ValueTask<UpstreamSessionResult> GetAsync(
        Caller caller,
        BackendDefinition backend,
        ClientCapabilities capabilities,
        McpLogLevel? level,
        CredentialResult.Granted credential,
        CancellationToken cancellationToken)
    {
        var key = UpstreamSessionStore.Key(caller, backend, capabilities);
        var stored = await store.FindAsync(key, cancellationToken);
        UpstreamSession session;
        if (stored?.Session is { } known && known.Account == credential.Account && destinations.CanUse(backend, known))
        {
            session = await KeepAsync(key, stored, known, cancellationToken);
        }
        else
        {
            var opened = await OpenOnceAsync(key, stored, backend, capabilities, credential, cancellationToken);
            if (opened is not UpstreamSessionResult.Ready ready)
                return opened;
            session = ready.Session;
        }

        if (level is { } wanted && UpstreamLogLevel.MustTell(session, wanted))
            await levels.TellAsync(key, session, wanted, backend, credential.Headers, cancellationToken);
        return new UpstreamSessionResult.Ready(session);
    }

    /// <summary>Forgets a session that its server no longer knows, unless another stands in its place already.</summary>
    public async ValueTask ForgetAsync(
        Caller caller, BackendDefinition backend, ClientCapabilities capabilities, UpstreamSession lost, CancellationToken cancellationToken)
    {
        var key = UpstreamSessionStore.Key(caller, backend, capabilities);
        while (await store.FindAsync(key, cancellationToken) is { Session: { } session } stored && session.IsSame(lost))
        {
            if (await store.TryRemoveAsync(key, stored, cancellationToken))
                return;
        }
    }

    /// <summary>Forgets the caller's session and hands it over to be ended at its server; null when there is none.</summary>
    public async ValueTask<UpstreamSession?> TakeAsync(
        Caller caller, BackendDefinition backend, ClientCapabilities capabilities, CancellationToken cancellationToken)
    {
        var key = UpstreamSessionStore.Key(caller, backend, capabilities);
        while (await store.FindAsync(key, cancellationToken) is { Session: { } session } stored)
        {
            if (await store.TryRemoveAsync(key, stored, cancellationToken))
                return session;
        }

        return null;
    }

    /// <summary>Puts the expiry off now and then. Where another request changed the record meanwhile, that one did it.</summary>
    private async ValueTask<UpstreamSession> KeepAsync(string key, StoredUpstreamSession stored, UpstreamSession session, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now - session.TouchedAt <= TouchEvery)
            return session;
        var touched = session with { TouchedAt = now };
        await store.TryWriteAsync(key, stored, touched, cancellationToken);
        return touched;
    }

    /// <summary>Concurrent calls of one caller share one handshake; its deadline is the handshake's own.</summary>
    private async Task<UpstreamSessionResult> OpenOnceAsync(
        string key,
        StoredUpstreamSession? seen,
        BackendDefinition backend,
        ClientCapabilities capabilities,
        CredentialResult.Granted credential,
        CancellationToken cancellationToken)
    {
        var opening = _opening.GetOrAdd(key, _ => new Lazy<Task<UpstreamSessionResult>>(() => OpenAsync(key, seen, backend, capabilities, credential)));
        return await opening.Value.WaitAsync(cancellationToken);
    }

    private async Task<UpstreamSessionResult> OpenAsync(
        string key,
        StoredUpstreamSession? seen,
        BackendDefinition backend,
        ClientCapabilities capabilities,
        CredentialResult.Granted credential)
    {
        try
        {
            var result = await handshake.OpenAsync(backend, capabilities, credential, CancellationToken.None);
            return result is UpstreamSessionResult.Ready ready
                ? new UpstreamSessionResult.Ready(await SettleAsync(key, seen, backend, ready.Session, credential))
                : result;
        }
        finally
        {
            _opening.TryRemove(key, out _);
        }
    }

    /// <summary>Of two replicas that open at once, one wins; the loser ends its own session. A session that was replaced is ended too.</summary>
    private async Task<UpstreamSession> SettleAsync(
        string key, StoredUpstreamSession? seen, BackendDefinition backend, UpstreamSession opened, CredentialResult.Granted credential)
    {
        while (await store.TryWriteAsync(key, seen, opened, CancellationToken.None) is null)
        {
            seen = await store.FindAsync(key, CancellationToken.None);
            if (seen?.Session is { } winner && winner.Account == opened.Account && destinations.CanUse(backend, winner))
            {
                closings.Add(backend, opened, credential.Headers);
                return winner;
            }
        }

        if (seen?.Session is { } replaced)
            closings.Add(backend, replaced, credential.Headers);
        return opened;
    }
}
