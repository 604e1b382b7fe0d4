using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Cortex.Identity.Callers;

/// <summary>
/// A bounded map whose entries end at a moment of their own. When it is full, ended entries go first, then an eighth of the rest, whichever
/// comes. A read allocates nothing. Thread-safe.
/// </summary>
internal sealed class ExpiringCache<TKey, TValue>(int capacity, TimeProvider time)
    where TKey : notnull
    where TValue : class
{
    private readonly ConcurrentDictionary<TKey, Entry> _entries = new();
    private readonly Lock _eviction = new();
    private int _count;

    /// <summary>The value of <paramref name="key"/>; false when it is absent or has ended.</summary>
    public bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value)
    {
        if (_entries.TryGetValue(key, out var entry) && time.GetUtcNow() < entry.Until)
        {
            value = entry.Value;
            return true;
        }

        value = null;
        return false;
    }

    /// <summary>Keeps <paramref name="value"/>, replacing any, until <paramref name="until"/>.</summary>
    public void Set(TKey key, TValue value, DateTimeOffset until)
    {
        var entry = new Entry(value, until);
        if (_entries.TryAdd(key, entry))
        {
            if (Interlocked.Increment(ref _count) > capacity)
                Evict();
        }
        else
        {
            // An entry removed meanwhile is added again without being counted; the next eviction counts afresh.
            _entries[key] = entry;
        }
    }

    /// <summary>Forgets <paramref name="key"/>.</summary>
    public void Remove(TKey key)
    {
        if (_entries.TryRemove(key, out _))
            Interlocked.Decrement(ref _count);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _entries.Clear();
        Volatile.Write(ref _count, 0);
    }

    private void Evict()
    {
        lock (_eviction)
        {
            var now = time.GetUtcNow();
            foreach (var (key, entry) in _entries)
            {
                if (entry.Until <= now)
                    _entries.TryRemove(key, out _);
            }

            var excess = _entries.Count - capacity + (capacity / 8);
            foreach (var (key, _) in _entries)
            {
                if (excess-- <= 0)
                    break;
                _entries.TryRemove(key, out _);
            }

            Volatile.Write(ref _count, _entries.Count);
        }
    }

    private sealed record Entry(TValue Value, DateTimeOffset Until);
}
