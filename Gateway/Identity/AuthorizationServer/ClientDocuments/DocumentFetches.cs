using Cortex.Foundation.Outbound;

namespace Cortex.Identity.AuthorizationServer.ClientDocuments;

/// <summary>Fetches documents, and the key sets they point to, at a stranger's word: guarded, small and quick, or not at all.</summary>
internal sealed class DocumentFetches(DocumentFetcher fetcher, DocumentTrust trust)
{
    /// <summary>Longest wait for a document, and again for its keys.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>Largest document.</summary>
    public const int MaxBytes = 64 * 1024;

    public async Task<DocumentResult> FetchAsync(ClientIdUrl id, CancellationToken cancellationToken)
    {
        switch (await GetAsync(id.Uri, cancellationToken))
        {
            case FetchResult.Failed failed:
                return ToResult(failed, "it");
            case FetchResult.Received received:
                if (!IsJson(received.MediaType))
                    return new DocumentResult.Invalid("it is not served as application/json");
                return ClientDocumentReader.Read(id, received.Body) switch
                {
                    DocumentResult.Valid { Document: { KeysAddress: { } keys } document } =>
                        await AddKeysAsync(document, keys, received.MaxAge, cancellationToken),
                    DocumentResult.Valid valid => valid with { MaxAge = received.MaxAge },
                    var other => other,
                };
            case var other:
                throw new InvalidOperationException($"A fetch ended in {other}.");
        }
    }

    private async Task<DocumentResult> AddKeysAsync(ClientDocument document, Uri address, TimeSpan? maxAge, CancellationToken cancellationToken)
    {
        switch (await GetAsync(address, cancellationToken))
        {
            case FetchResult.Failed failed:
                return ToResult(failed, "its jwks_uri");
            case FetchResult.Received received:
                var keys = System.Text.Encoding.UTF8.GetString(received.Body);
                return DocumentKeys.FindFault(keys) is { } fault
                    ? new DocumentResult.Invalid(fault)
                    : new DocumentResult.Valid(document with { Keys = keys }, Shorter(maxAge, received.MaxAge));
            case var other:
                throw new InvalidOperationException($"A fetch ended in {other}.");
        }
    }

    private Task<FetchResult> GetAsync(Uri address, CancellationToken cancellationToken) =>
        fetcher.FetchAsync(address, trust.Trust, MaxBytes, Deadline, cancellationToken);

    private static DocumentResult ToResult(FetchResult.Failed failed, string what) => failed.IsAnswer
        ? new DocumentResult.Invalid($"{what} is not there with status 200 and at most {MaxBytes} bytes; redirects are not followed")
        : new DocumentResult.Unreachable(failed.Reason);

    private static bool IsJson(string? mediaType) => mediaType is not null
        && (mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (mediaType.StartsWith("application/", StringComparison.OrdinalIgnoreCase) && mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase)));

    private static TimeSpan? Shorter(TimeSpan? one, TimeSpan? other) =>
        one is null ? other : other is null || one < other ? one : other;
}
