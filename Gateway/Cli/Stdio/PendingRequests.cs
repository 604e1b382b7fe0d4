using System.Collections.Concurrent;
using ModelContextProtocol.Protocol;

namespace Cortex.Cli.Stdio;

/// <summary>The client's requests that are not answered yet. Thread-safe.</summary>
internal sealed class PendingRequests
{
    private readonly ConcurrentDictionary<RequestId, Pending> _all = new();
    private readonly Lock _ending = new();
    private TaskCompletionSource? _drained;

    /// <summary>Takes up a request; null when another one with its id is not answered yet.</summary>
    public Pending? Add(JsonRpcRequest request)
    {
        var pending = new Pending(request);
        return _all.TryAdd(request.Id, pending) ? pending : null;
    }

    public Pending? Find(RequestId id) => _all.GetValueOrDefault(id);

    /// <summary>A request has ended; false when it had already.</summary>
    public bool Remove(RequestId id)
    {
        var isRemoved = _all.TryRemove(id, out _);
        lock (_ending)
        {
            if (_all.IsEmpty)
                _drained?.TrySetResult();
        }

        return isRemoved;
    }

    /// <summary>Ends what only the client could end, and waits until everything else is answered.</summary>
    public Task DrainAsync()
    {
        foreach (var pending in _all.Values)
        {
            if (pending.Request.Method == RequestMethods.SubscriptionsListen)
                pending.Cancel();
        }

        lock (_ending)
        {
            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_all.IsEmpty)
                _drained.TrySetResult();
            return _drained.Task;
        }
    }

    /// <summary>One request.</summary>
#pragma warning disable CA1001 // The token source has neither a timer nor a wait handle, and may be cancelled after its request has ended.
    internal sealed class Pending(JsonRpcRequest request)
#pragma warning restore CA1001
    {
        private readonly CancellationTokenSource _cancelling = new();

        public JsonRpcRequest Request => request;

        /// <summary>Ends the request's connection.</summary>
        public CancellationToken Cancelled => _cancelling.Token;

        /// <summary>True when the client does not want the answer any more.</summary>
        public bool IsUnwanted { get; private set; }

        /// <summary>True for a request of 2026-07-28 or later: it says its revision, and is cancelled by closing its stream.</summary>
        public bool IsModern { get; } = request.Params.Member("_meta").Member(MetaKeys.ProtocolVersion) is not null;

        public void Forget() => IsUnwanted = true;

        public void Cancel()
        {
            IsUnwanted = true;
            _cancelling.Cancel();
        }
    }
}
