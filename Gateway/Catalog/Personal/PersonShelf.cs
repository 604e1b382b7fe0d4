using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Vault;

namespace Cortex.Catalog.Personal;

/// <summary>
/// One person's catalogs at this replica. Where tokens carry the client's scopes, each set of scopes has catalogs of its own, since servers may list by
/// them; a linked account is the same for all of the person's clients. Thread-safe.
/// </summary>
internal sealed class PersonShelf(CatalogSchedule schedule)
{
    /// <summary>Most sets of scopes of one person's clients; of more, what is kept for them is read anew.</summary>
    private const int MaxScopeSets = 32;

    private readonly Lock _gate = new();
    private readonly Dictionary<(BackendId Backend, ScopeSet Scopes), PersonalEntry> _entries = [];
    private readonly Dictionary<ScopeSet, Composition> _compositions = [];
    private readonly List<Keeper> _keepers = [];
    private int _version;

    /// <summary>When it was last asked for.</summary>
    public long LastUsed { get; set; }

    /// <summary>Bytes of all items.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
                return _entries.Values.Sum(entry => entry.Bytes);
        }
    }

    /// <summary>True while a stream of the person is open.</summary>
    public bool IsKept
    {
        get
        {
            lock (_gate)
                return _keepers.Count > 0;
        }
    }

    /// <summary>The reads under way.</summary>
    public IReadOnlyList<Task> Running
    {
        get
        {
            lock (_gate)
                return [.. _entries.Values.Select(entry => entry.Running).OfType<Task>()];
        }
    }

    /// <summary>Starts to read what is due.</summary>
    /// <param name="backends">The backends with personal catalogs.</param>
    /// <param name="scopes">The caller's effective scopes.</param>
    /// <param name="now">The time.</param>
    /// <param name="start">Starts one read, without blocking.</param>
    /// <returns>True while one that was never tried is being waited for.</returns>
    public bool StartDue(IReadOnlyList<BackendDefinition> backends, ScopeSet scopes, DateTimeOffset now, Func<PersonalEntry, BackendDefinition, Task> start)
    {
        lock (_gate)
        {
            var isWaiting = false;
            for (var i = 0; i < backends.Count; i++)
            {
                var entry = EntryOf(backends[i], scopes);
                if (entry.Running is null && (now >= entry.DueAt || !ReferenceEquals(entry.Backend, backends[i])))
                {
                    entry.Backend = backends[i];
                    entry.StartedAt = now;
                    entry.Running = start(entry, backends[i]);
                }

                isWaiting |= IsAwaited(entry, now);
            }

            return isWaiting;
        }
    }

    /// <summary>Starts what is due for those whose streams are open.</summary>
    public void StartDueOfKeepers(IReadOnlyList<BackendDefinition> backends, DateTimeOffset now, Func<Caller, HttpContext, PersonalEntry, BackendDefinition, Task> start)
    {
        lock (_gate)
        {
            foreach (var keeper in _keepers)
                StartDue(backends, keeper.Caller.Scopes, now, (entry, backend) => start(keeper.Caller, keeper.Http, entry, backend));
        }
    }

    /// <summary>The first reads that are still awaited, and for how long.</summary>
    public (IReadOnlyList<Task> Reads, TimeSpan Patience) Awaited(IReadOnlyList<BackendDefinition> backends, ScopeSet scopes, DateTimeOffset now)
    {
        lock (_gate)
        {
            PersonalEntry[] awaited = [.. backends.Select(backend => EntryOf(backend, scopes)).Where(entry => IsAwaited(entry, now))];
            return awaited.Length == 0 ? ([], TimeSpan.Zero) : ([.. awaited.Select(entry => entry.Running!)], awaited.Max(entry => entry.StartedAt) + schedule.PersonalPatience - now);
        }
    }

    /// <summary>What the person sees, put together anew only where something has changed.</summary>
    public CatalogSnapshot Compose(CatalogSnapshot shared, IReadOnlyList<BackendDefinition> backends, ScopeSet scopes, Action<CatalogMerge.Result> merged)
    {
        lock (_gate)
        {
            if (_compositions.TryGetValue(scopes, out var known) && ReferenceEquals(known.Shared, shared) && ReferenceEquals(known.Backends, backends) && known.Version == _version)
                return known.Snapshot;
            var own = new List<(BackendDefinition, BackendCatalog)>();
            var links = new List<CatalogItem>();
            foreach (var backend in backends.OrderBy(backend => backend.Prefix.Length > 0).ThenBy(backend => backend.Id.Value, StringComparer.Ordinal))
            {
                var entry = EntryOf(backend, scopes);
                if (entry.Catalog is { } catalog)
                    own.Add((backend, catalog));
                if (backend.Auth is BackendAuth.LinkedAccount)
                    links.Add(AccountTool.Of(backend, entry is { Catalog: null, State: PersonalState.NotLinked } ? AccountLinking.Offered : AccountLinking.Done));
            }

            var result = CatalogMerge.MergeOwn(shared, own, links);
            merged(result);
            if (_compositions.Count >= MaxScopeSets)
                _compositions.Clear();
            _compositions[scopes] = new Composition(shared, backends, _version, result.Snapshot);
            return result.Snapshot;
        }
    }

    /// <summary>Takes what a read came to; false when the grant changed meanwhile, and it is to be read again.</summary>
    public bool TrySettle(PersonalEntry entry, int generation, PersonalOutcome outcome, DateTimeOffset now, out bool hasChanged, out bool isAnnounced)
    {
        lock (_gate)
        {
            (hasChanged, isAnnounced) = (false, false);
            if (entry.Generation != generation)
                return false;
            entry.Running = null;
            hasChanged = entry.Take(outcome, now, schedule);
            (isAnnounced, entry.IsAnnounced) = (entry.IsAnnounced, false);
            if (hasChanged)
                _version++;
            return true;
        }
    }

    /// <summary>The generation under which a read begins.</summary>
    public int GenerationOf(PersonalEntry entry)
    {
        lock (_gate)
            return entry.Generation;
    }

    /// <summary>A grant changed; true when that changes what the person sees at once.</summary>
    public bool Take(BackendId backend, GrantChange change)
    {
        lock (_gate)
        {
            var hasChanged = false;
            foreach (var entry in _entries.Values)
            {
                if (entry.Backend.Id == backend && entry.Backend.Auth is BackendAuth.LinkedAccount)
                    hasChanged |= entry.Take(change);
            }

            if (hasChanged)
                _version++;
            return hasChanged;
        }
    }

    /// <summary>Any grant may have changed.</summary>
    public void TakeMissed()
    {
        lock (_gate)
        {
            foreach (var entry in _entries.Values)
            {
                if (entry.Backend.Auth is BackendAuth.LinkedAccount)
                    entry.Take(GrantChange.Unknown);
            }
        }
    }

    /// <summary>The catalog of a backend seems to be out of date: it is read again as soon as the least pause allows.</summary>
    public void Expire(BackendId backend)
    {
        lock (_gate)
        {
            foreach (var entry in _entries.Values)
            {
                if (entry.Backend.Id == backend && entry.StartedAt + schedule.LeastPause < entry.DueAt)
                    entry.DueAt = entry.StartedAt + schedule.LeastPause;
            }
        }
    }

    /// <summary>How the catalog of a backend stands.</summary>
    public (PersonalState State, string? Problem) StateOf(BackendDefinition backend, ScopeSet scopes)
    {
        lock (_gate)
        {
            var entry = EntryOf(backend, scopes);
            return (entry.State, entry.Problem);
        }
    }

    /// <summary>A stream of the person opens: what it depends on is kept fresh until the result is disposed.</summary>
    public IDisposable Keep(Caller caller, HttpContext http)
    {
        var keeper = new Keeper(this, caller, http);
        lock (_gate)
            _keepers.Add(keeper);
        return keeper;
    }

    private bool IsAwaited(PersonalEntry entry, DateTimeOffset now) =>
        entry is { Running: not null, State: PersonalState.Unknown } && now < entry.StartedAt + schedule.PersonalPatience;

    private PersonalEntry EntryOf(BackendDefinition backend, ScopeSet scopes)
    {
        var key = (backend.Id, backend.Auth is BackendAuth.LinkedAccount ? ScopeSet.Empty : scopes);
        if (_entries.TryGetValue(key, out var entry))
            return entry;
        if (_entries.Keys.Count(other => other.Backend == backend.Id) >= MaxScopeSets)
        {
            foreach (var (other, _) in _entries.Where(other => other.Key.Backend == backend.Id && other.Value.Running is null).ToList())
                _entries.Remove(other);
        }

        return _entries[key] = new PersonalEntry(backend);
    }

    /// <summary>What was put together, and of what.</summary>
    private sealed record Composition(CatalogSnapshot Shared, IReadOnlyList<BackendDefinition> Backends, int Version, CatalogSnapshot Snapshot);

    /// <summary>An open stream, whose caller may be read for.</summary>
    private sealed class Keeper(PersonShelf shelf, Caller caller, HttpContext http) : IDisposable
    {
        public Caller Caller => caller;

        public HttpContext Http => http;

        public void Dispose()
        {
            lock (shelf._gate)
                shelf._keepers.Remove(this);
        }
    }
}
