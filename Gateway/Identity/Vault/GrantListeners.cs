using System.Collections.Concurrent;
using System.Collections.Immutable;
using Cortex.Foundation.Model;

namespace Cortex.Identity.Vault;

/// <summary>
/// Whoever at this replica depends on a grant for longer than a request takes: open streams, catalogs. They hear of each change once, whichever replica
/// made it, after it is on record and <see cref="PersonVault"/> answers by it; not of refreshes. Handlers must neither block nor throw. Thread-safe.
/// </summary>
internal sealed class GrantListeners
{
    private readonly ConcurrentDictionary<PersonId, ImmutableArray<Action<BackendId, GrantChange>>> _ofPersons = new();

    /// <summary>Raised for every person's grants.</summary>
    public event Action<GrantKey, GrantChange>? Changed;

    /// <summary>Raised when any grant may have changed, since this replica may have missed something. Nobody is told of single grants then.</summary>
    public event Action? Missed;

    /// <summary>Calls <paramref name="handler"/> whenever a grant of the person changed, until the result is disposed.</summary>
    public IDisposable Listen(PersonId person, Action<BackendId, GrantChange> handler)
    {
        _ofPersons.AddOrUpdate(person, [handler], (_, handlers) => handlers.Add(handler));
        return new Listener(this, person, handler);
    }

    /// <summary>Tells those who depend on one grant.</summary>
    public void Call(GrantKey key, GrantChange change)
    {
        Changed?.Invoke(key, change);
        if (!_ofPersons.TryGetValue(key.Person, out var handlers))
            return;
        foreach (var handler in handlers)
            handler(key.Backend, change);
    }

    /// <summary>Tells that messages may have been missed.</summary>
    public void CallMissed() => Missed?.Invoke();

    private void Remove(PersonId person, Action<BackendId, GrantChange> handler)
    {
        while (_ofPersons.TryGetValue(person, out var handlers))
        {
            var rest = handlers.Remove(handler);
            if (rest.IsEmpty ? _ofPersons.TryRemove(KeyValuePair.Create(person, handlers)) : _ofPersons.TryUpdate(person, rest, handlers))
                return;
        }
    }

    private sealed class Listener(GrantListeners listeners, PersonId person, Action<BackendId, GrantChange> handler) : IDisposable
    {
        private int _isDisposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
                listeners.Remove(person, handler);
        }
    }
}
