namespace Cortex.Identity.Callers;

/// <summary>
/// Tells whether a token of the embedded authorization server still counts, by what that server has on record: neither the token nor the grant
/// it stems from was revoked. Asked once when a replica sees a token for the first time.
/// </summary>
/// <param name="entryId">The server's own id of the token; null when the token names none.</param>
/// <param name="cancellationToken">Ends the wait.</param>
internal delegate ValueTask<bool> TokenStands(string? entryId, CancellationToken cancellationToken);
