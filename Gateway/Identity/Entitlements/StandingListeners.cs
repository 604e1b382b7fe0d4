using System.Collections.Concurrent;
using System.Collections.Immutable;
using Cortex.Foundation.Model;

namespace Cortex.Identity.Entitlements;

/// <summary>Whoever at this replica depends on a person's standing for longer than a request takes: open streams. Thread-safe.</summary>
internal sealed class StandingListeners
{
    private readonly ConcurrentDictionary<PersonId, ImmutableArray<Action>> _handlers = new();

    /// <summary>Calls <paramref name="handler"/> whenever the person's standing may have changed, until the result is disposed. The handler must not block.</summary>
    public IDisposable Listen(PersonId person, Action handler)
    {
        _handlers.AddOrUpdate(person, [handler], (_, handlers) => handlers.Add(handler));
        return new Listener(this, person, handler);
    }

    /// <summary>Tells those who depend on one person.</summary>
    public void Call(PersonId person)
    {
        if (!_handlers.TryGetValue(person, out var handlers))
            return;
        foreach (var handler in handlers)
            handler();
    }

    /// <summary>Tells all of them.</summary>
    public void CallAll()
    {
        foreach (var person in _handlers.Keys)
            Call(person);
    }

    private void Remove(PersonId person, Action handler)
    {
        while (_handlers.TryGetValue(person, out var handlers))
        {
            var rest = handlers.Remove(handler);
            if (rest.IsEmpty ? _handlers.TryRemove(KeyValuePair.Create(person, handlers)) : _handlers.TryUpdate(person, rest, handlers))
                return;
        }
    }

    private sealed class Listener(StandingListeners listeners, PersonId person, Action handler) : IDisposable
    {
        private int _isDisposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
                listeners.Remove(person, handler);
        }
    }
}
