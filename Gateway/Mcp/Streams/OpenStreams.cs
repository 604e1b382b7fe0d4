using System.Collections.Concurrent;

namespace Cortex.Mcp.Streams;

/// <summary>Counts the streams of each owner on this replica, so that one client can't exhaust it. Thread-safe.</summary>
internal sealed class OpenStreams
{
    /// <summary>Most streams one owner may hold open on one replica.</summary>
    public const int MaxPerOwner = 100;

    /// <summary>What a client that holds too many is told.</summary>
    public static readonly string Refusal = $"You hold {MaxPerOwner} streams open; close one, then try again.";

    /// <summary>Seconds after which it may try again.</summary>
    public const string RetryAfter = "10";

    private readonly ConcurrentDictionary<string, int> _open = new(StringComparer.Ordinal);

    /// <summary>Counts a stream in until the result is disposed; null when the owner has too many.</summary>
    public IDisposable? TryEnter(string owner)
    {
        if (_open.AddOrUpdate(owner, 1, (_, count) => count + 1) > MaxPerOwner)
        {
            Leave(owner);
            return null;
        }

        StreamTelemetry.Open.Add(1);
        return new Place(this, owner);
    }

    private void Leave(string owner)
    {
        while (_open.TryGetValue(owner, out var count))
        {
            if (count > 1 ? _open.TryUpdate(owner, count - 1, count) : _open.TryRemove(KeyValuePair.Create(owner, count)))
                return;
        }
    }

    private sealed class Place(OpenStreams streams, string owner) : IDisposable
    {
        private int _isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) != 0)
                return;
            StreamTelemetry.Open.Add(-1);
            streams.Leave(owner);
        }
    }
}
