using System.Globalization;
using System.Text;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Storage;
using Cortex.Sessions;
using Microsoft.Extensions.Options;

namespace Cortex.Mcp.Streams;

/// <summary>
/// Bounds how many streams of calls are kept for one owner at once, over all replicas. One short list an owner in the shared state; a place is free again when it
/// is not held anew for the time that events are kept. Lines of the list: the stream's id, a blank, the expiry (unix ms). Thread-safe.
/// </summary>
internal sealed class KeptStreams(ISharedState state, IOptionsMonitor<GatewayOptions> options, TimeProvider time)
{
    /// <summary>How long a place is held.</summary>
    public TimeSpan Lifetime => options.CurrentValue.Streams.ResumeWindow + StreamLogs.Lease;

    /// <summary>Takes or holds a place for the stream; false when its owner has too many.</summary>
    public async ValueTask<bool> TryHoldAsync(SessionKey session, string stream)
    {
        var key = $"kept-streams:{session.Owner}";
        while (true)
        {
            var seen = await state.FindAsync(key, CancellationToken.None);
            var held = Read(seen);
            held.Remove(stream);
            if (held.Count >= options.CurrentValue.Streams.KeptPerOwner)
                return false;
            held[stream] = (time.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds();
            var next = Encoding.ASCII.GetBytes(string.Join('\n', held.Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key} {entry.Value}"))));
            if (seen is null ? await state.TryAddAsync(key, next, Lifetime, CancellationToken.None) : await state.TryReplaceAsync(key, seen, next, Lifetime, CancellationToken.None))
                return true;
        }
    }

    /// <summary>The places that are still held.</summary>
    private Dictionary<string, long> Read(byte[]? list)
    {
        var held = new Dictionary<string, long>(StringComparer.Ordinal);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var line in Encoding.ASCII.GetString(list ?? []).Split('\n'))
        {
            var blank = line.IndexOf(' ', StringComparison.Ordinal);
            if (blank > 0 && long.TryParse(line.AsSpan(blank + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var expiry) && expiry > now)
                held[line[..blank]] = expiry;
        }

        return held;
    }
}
