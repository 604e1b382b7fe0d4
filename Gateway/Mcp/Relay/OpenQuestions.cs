using System.Security.Cryptography;
using System.Text;
using Cortex.Foundation.Storage;
using Cortex.Sessions;

namespace Cortex.Mcp.Relay;

/// <summary>
/// The servers' requests that wait for a client's answer, in the shared state: each takes one answer, at whichever replica, and none once its call has ended or
/// <see cref="Lifetime"/> is over. Keys hold a digest of the outward id. Thread-safe.
/// </summary>
internal sealed class OpenQuestions(ISharedState state)
{
    /// <summary>Longest that a person is waited for.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>From now on the request takes an answer.</summary>
    public ValueTask OpenAsync(SessionKey session, string outwardId, CancellationToken cancellationToken) =>
        state.SetAsync(Key(session, outwardId), "1"u8.ToArray(), Lifetime, cancellationToken);

    /// <summary>Takes the request's one answer; false when it has none to take.</summary>
    public ValueTask<bool> TryTakeAsync(SessionKey session, string outwardId, CancellationToken cancellationToken) =>
        state.RemoveAsync(Key(session, outwardId), cancellationToken);

    private static string Key(SessionKey session, string outwardId) =>
        $"question:{session}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(outwardId)))[..32]}";
}
