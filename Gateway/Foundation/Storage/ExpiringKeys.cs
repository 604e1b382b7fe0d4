namespace Cortex.Foundation.Storage;

/// <summary>
/// Keys with deadlines, in a dictionary and a heap of deadlines. A key that is written or touched again keeps its place in the heap
/// as long as that place is not too late; when it comes up, it is put back by its true deadline. So a busy key costs the heap nothing.
/// Places of removed keys are dropped when they come up, or all at once when they outnumber the keys. Room for many keys is given back once
/// most of them are gone. Not thread-safe.
/// </summary>
internal sealed class ExpiringKeys
{
    private const int ToleratedRemnants = 1024;
    private const int ToleratedRoom = 4096;

    private static readonly TimeSpan Nowhere = TimeSpan.MinValue;

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly PriorityQueue<Entry, TimeSpan> _deadlines = new();

    public int Count => _entries.Count;

    /// <summary>Places in the heap: never more than twice the keys, and some.</summary>
    public int Places => _deadlines.Count;

    /// <summary>Keys there is room for without growing.</summary>
    public int Room => _entries.Capacity;

    /// <summary>The stored array itself, or null when the key is absent or its deadline has come.</summary>
    public byte[]? Find(string key, TimeSpan now) =>
        _entries.TryGetValue(key, out var entry) && entry.Deadline > now ? entry.Value : null;

    public TimeSpan DeadlineOf(string key) => _entries[key].Deadline;

    public void Set(string key, byte[] value, TimeSpan deadline)
    {
        if (!_entries.TryGetValue(key, out var entry))
        {
            entry = new Entry(key);
            _entries.Add(key, entry);
        }

        entry.Value = value;
        entry.Deadline = deadline;
        if (deadline < entry.Place)
        {
            Enqueue(entry);
        }
    }

    public void Remove(string key)
    {
        if (_entries.Remove(key, out var entry))
        {
            entry.Place = Nowhere;
            DropRemnants();
        }
    }

    /// <summary>Looks at no more than <paramref name="limit"/> places whose time has come; true when there are more.</summary>
    public bool Sweep(TimeSpan now, int limit)
    {
        for (var seen = 0; seen < limit; seen++)
        {
            if (!_deadlines.TryPeek(out var entry, out var place) || place > now)
            {
                GiveRoomBack();
                return false;
            }

            _deadlines.Dequeue();
            if (place != entry.Place)
            {
                continue;
            }

            if (entry.Deadline > now)
            {
                Enqueue(entry);
            }
            else
            {
                entry.Place = Nowhere;
                _entries.Remove(entry.Key);
            }
        }

        return true;
    }

    private void GiveRoomBack()
    {
        if (_entries.Capacity <= ToleratedRoom || _entries.Count > _entries.Capacity / 4)
        {
            return;
        }

        _entries.TrimExcess(Math.Max(_entries.Count * 2, ToleratedRoom / 2));
        _deadlines.TrimExcess();
    }

    private void Enqueue(Entry entry)
    {
        entry.Place = entry.Deadline;
        _deadlines.Enqueue(entry, entry.Deadline);
        DropRemnants();
    }

    private void DropRemnants()
    {
        if (_deadlines.Count <= (2 * _entries.Count) + ToleratedRemnants)
        {
            return;
        }

        _deadlines.Clear();
        foreach (var entry in _entries.Values)
        {
            entry.Place = entry.Deadline;
        }

        _deadlines.EnqueueRange(_entries.Values.Select(entry => (entry, entry.Deadline)));
    }

    private sealed class Entry(string key)
    {
        public string Key => key;

        public byte[] Value { get; set; } = [];

        public TimeSpan Deadline { get; set; }

        /// <summary>The deadline under which the heap holds this entry; any other place of it is a remnant.</summary>
        public TimeSpan Place { get; set; } = TimeSpan.MaxValue;
    }
}
