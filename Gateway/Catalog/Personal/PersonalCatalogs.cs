using System.Collections.Concurrent;
using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Governance.Integrity;
using Cortex.Identity.Credentials;
using Cortex.Identity.Vault;

namespace Cortex.Catalog.Personal;

/// <summary>
/// What each caller sees: the catalog that all share and, where backends have <c>catalog: perPerson</c>, what these list for that person.
/// 1. A person's catalogs are read as that person, all at once, when they are first asked for; only their first list waits for them, and not for long.
/// 2. From then on lists are answered from what was read last; what is due is read anew behind their back, one read at a time for each backend, and a
///    server that fails leaves what it listed last.
/// 3. Whoever has an open stream is looked after without asking, and hears of changes by <see cref="Changed"/>.
/// Each replica reads for itself. Nothing is shared between persons. Thread-safe.
/// </summary>
internal sealed partial class PersonalCatalogs(
    CatalogStore store,
    CatalogReader reader,
    GrantListeners grants,
    IntegrityBus integrity,
    CatalogSchedule schedule,
    TimeProvider time,
    ILogger<PersonalCatalogs> logger) : BackgroundService
{
    /// <summary>Reads of one backend that run at once.</summary>
    private const int MaxReads = 32;

    private const int MaxFaults = 1000;

    private readonly ConcurrentDictionary<PersonId, PersonShelf> _persons = new();
    private readonly ConcurrentDictionary<BackendId, SemaphoreSlim> _places = new();
    private readonly ConcurrentDictionary<(BackendId Backend, string Fault), bool> _faults = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _eviction = new();
    private long _bytes;

    /// <summary>How many persons and bytes there may be before anyone is forgotten: more than the bounds where open streams take that much.</summary>
    private (int Persons, long Bytes) _room = (schedule.MaxPersons, schedule.MaxPersonalBytes);

    /// <summary>Raised after what a person sees has changed. Handlers must neither block nor throw.</summary>
    public event Action<PersonalChange>? Changed;

    /// <summary>Persons whose catalogs are kept.</summary>
    public int Persons => _persons.Count;

    /// <summary>What the caller sees now. What is due is read anew meanwhile.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="request">Their request.</param>
    /// <param name="isWaiting">True when catalogs of theirs are being read for the first time: <see cref="SettleAsync"/> waits for them.</param>
    public CatalogSnapshot For(Caller caller, HttpContext request, out bool isWaiting)
    {
        isWaiting = false;
        var backends = store.Personal;
        if (backends.Count == 0 || caller.Person is not { } person)
            return store.Current;
        var shelf = ShelfOf(person.Id);
        isWaiting = StartDue(shelf, backends, caller, request);
        return Compose(shelf, backends, caller);
    }

    /// <summary>What the caller sees once the catalogs that are read for the first time are there, or have taken too long.</summary>
    public async ValueTask<CatalogSnapshot> SettleAsync(Caller caller, HttpContext request, CancellationToken cancellationToken)
    {
        var snapshot = For(caller, request, out var isWaiting);
        if (!isWaiting)
            return snapshot;
        var backends = store.Personal;
        var shelf = ShelfOf(caller.Person!.Id);
        var (reads, patience) = shelf.Awaited(backends, caller.Scopes, time.GetUtcNow());
        if (patience > TimeSpan.Zero)
            await Task.WhenAll(reads).WaitAsync(patience, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Compose(shelf, backends, caller);
    }

    /// <summary>What the caller sees by what is known already.</summary>
    public CatalogSnapshot Peek(Caller caller)
    {
        var backends = store.Personal;
        return backends.Count > 0 && caller.Person is { } person && _persons.TryGetValue(person.Id, out var shelf) ? Compose(shelf, backends, caller) : store.Current;
    }

    /// <summary>Looks after the caller's catalogs until the result is disposed, which must be before the request ends.</summary>
    public IDisposable? Keep(Caller caller, HttpContext request) => caller.Person is { } person ? ShelfOf(person.Id).Keep(caller, request) : null;

    /// <summary>How a backend's catalog of the caller stands.</summary>
    public (PersonalState State, string? Problem) StateOf(Caller caller, BackendDefinition backend) =>
        caller.Person is { } person && _persons.TryGetValue(person.Id, out var shelf) ? shelf.StateOf(backend, caller.Scopes) : (PersonalState.Unknown, null);

    /// <summary>The backend does not know something that the caller's catalog has: it is read again soon.</summary>
    public void Expire(Caller caller, BackendId backend)
    {
        if (caller.Person is { } person && _persons.TryGetValue(person.Id, out var shelf))
            shelf.Expire(backend);
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        grants.Changed += Take;
        grants.Missed += TakeMissed;
        integrity.Changed += Take;
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        grants.Changed -= Take;
        grants.Missed -= TakeMissed;
        integrity.Changed -= Take;
        await _stop.CancelAsync();
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_persons.Values.SelectMany(shelf => shelf.Running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override void Dispose()
    {
        _stop.Dispose();
        foreach (var places in _places.Values)
            places.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(schedule.PersonalRound, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var (person, shelf) in _persons)
                StartDueOfKeepers(person, shelf);
        }
    }

    private bool StartDue(PersonShelf shelf, IReadOnlyList<BackendDefinition> backends, Caller caller, HttpContext request) =>
        shelf.StartDue(backends, caller.Scopes, time.GetUtcNow(), (entry, backend) => Start(shelf, caller, request, entry, backend));

    private void StartDueOfKeepers(PersonId person, PersonShelf shelf)
    {
        if (shelf.IsKept && _persons.ContainsKey(person) && !_stop.IsCancellationRequested)
            shelf.StartDueOfKeepers(store.Personal, time.GetUtcNow(), (caller, request, entry, backend) => Start(shelf, caller, request, entry, backend));
    }

    /// <summary>Starts a read that outlives the request.</summary>
    private Task Start(PersonShelf shelf, Caller caller, HttpContext request, PersonalEntry entry, BackendDefinition backend)
    {
        var kept = CatalogCredentials.Detach(request);
        using var unrelated = ExecutionContext.SuppressFlow();
        return Task.Run(() => ReadAsync(shelf, caller, kept, entry, backend));
    }

    private async Task ReadAsync(PersonShelf shelf, Caller caller, HttpContext request, PersonalEntry entry, BackendDefinition backend)
    {
        while (true)
        {
            var generation = shelf.GenerationOf(entry);
            var outcome = await ReadOnceAsync(caller, request, backend);
            var before = entry.Bytes;
            if (!shelf.TrySettle(entry, generation, outcome, time.GetUtcNow(), out var hasChanged, out var isAnnounced))
                continue;
            Interlocked.Add(ref _bytes, entry.Bytes - before);
            if (hasChanged && outcome is PersonalOutcome.Failed failed)
                Log.Failed(logger, backend.Id.Value, failed.Reason);
            if (hasChanged || isAnnounced)
                Changed?.Invoke(new PersonalChange(caller.Person!.Id, backend.Id, isAnnounced));
            Evict(caller.Person!.Id);
            return;
        }
    }

    /// <summary>Something was approved or rejected: what persons see is read, and judged, anew.</summary>
    private void Take(IntegrityChange change)
    {
        foreach (var shelf in _persons.Values)
        {
            foreach (var backend in store.Personal.Where(backend => change.Backend is null || backend.Id == change.Backend))
                shelf.Expire(backend.Id);
        }
    }

    private async Task<PersonalOutcome> ReadOnceAsync(Caller caller, HttpContext request, BackendDefinition backend)
    {
        var places = _places.GetOrAdd(backend.Id, _ => new SemaphoreSlim(MaxReads));
        try
        {
            await places.WaitAsync(_stop.Token);
            try
            {
                return new PersonalOutcome.Read(await reader.ReadOwnAsync(caller, backend, request, _stop.Token));
            }
            finally
            {
                places.Release();
            }
        }
        catch (CatalogSourceException exception)
        {
            return exception.IsUnlinked ? new PersonalOutcome.NotLinked(exception.Message, exception.IsUnlinkedAgain) : new PersonalOutcome.Failed(exception.Message);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return new PersonalOutcome.Failed("the gateway stops.");
        }
        catch (Exception exception)
        {
            // Whatever a backend sends must hurt this one catalog alone.
            Log.Unreadable(logger, backend.Id.Value, exception);
            return new PersonalOutcome.Failed("its catalog can't be read; the log says why.");
        }
    }

    private CatalogSnapshot Compose(PersonShelf shelf, IReadOnlyList<BackendDefinition> backends, Caller caller) =>
        shelf.Compose(store.Current, backends, caller.Scopes, LogNewFaults);

    private PersonShelf ShelfOf(PersonId person)
    {
        if (!_persons.TryGetValue(person, out var shelf))
        {
            shelf = _persons.GetOrAdd(person, _ => new PersonShelf(schedule));
            Evict(person);
        }

        shelf.LastUsed = time.GetTimestamp();
        return shelf;
    }

    /// <summary>Forgets an eighth of the persons, those who have not asked for longest; nobody who has an open stream.</summary>
    private void Evict(PersonId newest)
    {
        lock (_eviction)
        {
            if (_persons.Count <= _room.Persons && Volatile.Read(ref _bytes) <= _room.Bytes)
                return;
            var excess = Math.Max(_persons.Count - schedule.MaxPersons, 0) + (_persons.Count / 8);
            foreach (var (person, _) in _persons.Where(entry => entry.Key != newest && !entry.Value.IsKept).OrderBy(entry => entry.Value.LastUsed).Take(excess).ToList())
                _persons.TryRemove(person, out _);
            var (persons, bytes) = (_persons.Count, _persons.Values.Sum(shelf => shelf.Bytes));
            Volatile.Write(ref _bytes, bytes);
            _room = (
                persons <= schedule.MaxPersons ? schedule.MaxPersons : persons + (schedule.MaxPersons / 8) + 1,
                bytes <= schedule.MaxPersonalBytes ? schedule.MaxPersonalBytes : bytes + (schedule.MaxPersonalBytes / 8));
        }
    }

    private void Take(GrantKey key, GrantChange change)
    {
        if (!_persons.TryGetValue(key.Person, out var shelf))
            return;
        if (shelf.Take(key.Backend, change))
            Changed?.Invoke(new PersonalChange(key.Person, key.Backend, Announced: false));
        StartDueOfKeepers(key.Person, shelf);
    }

    private void TakeMissed()
    {
        foreach (var (person, shelf) in _persons)
        {
            shelf.TakeMissed();
            StartDueOfKeepers(person, shelf);
        }
    }

    private void LogNewFaults(CatalogMerge.Result merged)
    {
        foreach (var (backend, fault) in merged.Faults)
        {
            if (_faults.Count < MaxFaults && _faults.TryAdd((backend, fault), true))
                Log.LeftOut(logger, backend.Value, fault);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4030, LogLevel.Warning, "Backend '{Backend}' gives a person no catalog of their own: {Reason}", EventName = "catalog.personal.failed")]
        public static partial void Failed(ILogger logger, string backend, string reason);

        [LoggerMessage(4031, LogLevel.Warning, "Backend '{Backend}' sent a person's catalog that can't be read.", EventName = "catalog.personal.unreadable")]
        public static partial void Unreadable(ILogger logger, string backend, Exception exception);

        [LoggerMessage(4032, LogLevel.Warning, "Backend '{Backend}', in a person's own catalog: {Fault}.", EventName = "catalog.personal.left_out")]
        public static partial void LeftOut(ILogger logger, string backend, string fault);
    }
}
