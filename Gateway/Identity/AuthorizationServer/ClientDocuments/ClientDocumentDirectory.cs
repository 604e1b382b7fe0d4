using System.Collections.Concurrent;
using Cortex.Governance.Limits;
using Cortex.Identity.Callers;

namespace Cortex.Identity.AuthorizationServer.ClientDocuments;

/// <summary>Sees to it that the application row of a client agrees with its document. Thread-safe.</summary>
internal sealed partial class ClientDocumentDirectory(
    DocumentPolicy policy, DocumentLimits limits, DocumentFetches fetches, DocumentClients clients, TimeProvider time, ILogger<ClientDocumentDirectory> logger)
{
    /// <summary>Shortest and longest time for which a document is not looked at again.</summary>
    public static readonly TimeSpan LeastFresh = TimeSpan.FromMinutes(5);

    public static readonly TimeSpan MostFresh = TimeSpan.FromHours(24);

    /// <summary>When its server says nothing about it.</summary>
    public static readonly TimeSpan UsuallyFresh = TimeSpan.FromHours(1);

    /// <summary>How long a failure is remembered.</summary>
    public static readonly TimeSpan FailureKept = TimeSpan.FromMinutes(1);

    /// <summary>How long a client may go on with what it has while its host is away.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<string, Lazy<Task<DocumentResult?>>> _running = new(StringComparer.Ordinal);
    private readonly ExpiringCache<string, DocumentResult> _failures = new(10_000, time);

    /// <summary>Why the client can't be used; null when its row is there and counts.</summary>
    /// <param name="id">The client id.</param>
    /// <param name="from">Whose request it is, for the limits.</param>
    /// <param name="goesOn">True when the client goes on with what it was given; false when it starts something new.</param>
    /// <param name="cancellationToken">Ends the wait, not a fetch that others wait for too.</param>
    public async Task<string?> FindRefusalAsync(ClientIdUrl id, ClientAddress from, bool goesOn, CancellationToken cancellationToken)
    {
        var row = await clients.FindAsync(id.Value, cancellationToken);
        if (row is DocumentRow.Other)
            return null;
        if (!policy.Allows(id))
            return policy.IsEnabled ? "documents of its host are not accepted here" : "clients are not known by documents here";
        if (row is DocumentRow.Kept kept && IsFresh(kept))
            return null;
        if (!_failures.TryGet(id.Value, out var result))
        {
            if (!await limits.AllowAsync(from, cancellationToken))
                return "too many documents were asked for; wait a minute";
            result = await RenewAsync(id).WaitAsync(cancellationToken);
        }

        return result switch
        {
            null or DocumentResult.Valid => null,
            DocumentResult.Invalid invalid => invalid.Reason,
            DocumentResult.Unreachable when goesOn && row is DocumentRow.Kept last && time.GetUtcNow() < last.FreshUntil + Grace => null,
            _ => "it could not be fetched; it must be on the public internet and answer quickly",
        };
    }

    private bool IsFresh(DocumentRow.Kept row) => time.GetUtcNow() < row.FreshUntil;

    /// <summary>What became of the document; null when its row was up to date by then.</summary>
    private Task<DocumentResult?> RenewAsync(ClientIdUrl id) =>
        _running.GetOrAdd(id.Value, _ => new Lazy<Task<DocumentResult?>>(() => FetchAsync(id))).Value;

    // Shared by all who wait, so that nobody's going away ends it; the fetches have deadlines.
    private async Task<DocumentResult?> FetchAsync(ClientIdUrl id)
    {
        try
        {
            // Whoever looked at the row just before the fetch before this one ended comes here with what was so then.
            if (await clients.FindAsync(id.Value, CancellationToken.None) is DocumentRow.Kept kept && IsFresh(kept))
                return null;
            if (_failures.TryGet(id.Value, out var failure))
                return failure;
            var result = await fetches.FetchAsync(id, CancellationToken.None);
            if (result is DocumentResult.Valid valid
                && await clients.SaveAsync(id, valid.Document, time.GetUtcNow() + FreshFor(valid.MaxAge), CancellationToken.None) is { } fault)
                result = new DocumentResult.Invalid(fault);
            if (result is not DocumentResult.Valid)
                Note(id, result);
            return result;
        }
        finally
        {
            _running.TryRemove(id.Value, out _);
        }
    }

    private static TimeSpan FreshFor(TimeSpan? maxAge)
    {
        var asked = maxAge ?? UsuallyFresh;
        return asked < LeastFresh ? LeastFresh : asked > MostFresh ? MostFresh : asked;
    }

    private void Note(ClientIdUrl id, DocumentResult failure)
    {
        _failures.Set(id.Value, failure, time.GetUtcNow() + FailureKept);
        var reason = failure switch
        {
            DocumentResult.Invalid invalid => invalid.Reason,
            DocumentResult.Unreachable unreachable => unreachable.Reason,
            _ => "",
        };
        Log.Refused(logger, id.Value, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(4120, LogLevel.Information, "The client document {ClientId} can't be used: {Reason}", EventName = "client_document.refused")]
        public static partial void Refused(ILogger logger, string clientId, string reason);
    }
}
