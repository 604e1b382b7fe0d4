using Cortex.Sessions.Upstream;

namespace Cortex.Mcp.Streams;

/// <summary>
/// Watches some resources of one backend for one client's stream. A watch that takes the place of another lets that one run until it listens itself, so
/// that no update falls between them.
/// </summary>
internal sealed class BackendWatch
{
    /// <summary>Subscriptions often come several at a time.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(50);

    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly UpstreamListening _wish;
    private readonly IReadOnlyList<WatchedResource> _resources;
    private readonly Action<string> _updated;
    private BackendWatch? _predecessor;
    private volatile bool _isListening;

    private BackendWatch(UpstreamListening wish, IReadOnlyList<WatchedResource> resources, BackendWatch? predecessor, Action<string> updated)
    {
        _wish = wish;
        _resources = resources;
        _predecessor = predecessor;
        _updated = updated;
    }

    /// <summary>Ends when the watch does, and those it took the place of.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Starts watching.</summary>
    /// <param name="listener">Listens to the backend.</param>
    /// <param name="wish">As whom, and to what.</param>
    /// <param name="resources">The resources.</param>
    /// <param name="earlier">The watch whose place this one takes, or null.</param>
    /// <param name="updated">Gets the public URI of what was updated.</param>
    /// <param name="time">The clock.</param>
    public static BackendWatch Start(
        UpstreamListener listener, UpstreamListening wish, IReadOnlyList<WatchedResource> resources, BackendWatch? earlier, Action<string> updated, TimeProvider time)
    {
        var predecessor = earlier;
        if (earlier is { _isListening: false })
        {
            predecessor = Interlocked.Exchange(ref earlier._predecessor, null);
            earlier.Stop();
        }

        var watch = new BackendWatch(wish, resources, predecessor, updated);
        watch.Ended = Task.WhenAll(watch.RunAsync(listener, time), earlier?.Ended ?? Task.CompletedTask);
        return watch;
    }

    /// <summary>True when this watch does what is wanted.</summary>
    public bool Covers(UpstreamListening wish) =>
        ReferenceEquals(_wish.Backend, wish.Backend) && _wish.Version == wish.Version && _wish.Topics.Uris.SequenceEqual(wish.Topics.Uris);

    /// <summary>Stops this watch, and the one it took the place of.</summary>
    public void Stop()
    {
        _stopped.TrySetResult();
        Interlocked.Exchange(ref _predecessor, null)?.Stop();
    }

    private async Task RunAsync(UpstreamListener listener, TimeProvider time)
    {
        using var stop = new CancellationTokenSource();
        if (await Task.WhenAny(_stopped.Task, Task.Delay(Settling, time, stop.Token)) != _stopped.Task)
        {
            var listening = listener.ListenAsync(_wish, Take, stop.Token);
            await Task.WhenAny(_stopped.Task, listening);
            await stop.CancelAsync();
            await listening;
        }

        await stop.CancelAsync();
    }

    private void Take(UpstreamNotice notice)
    {
        switch (notice.Kind)
        {
            case UpstreamNoticeKind.Listening:
                TakePlace();
                break;
            case UpstreamNoticeKind.ListeningAgain:
                TakePlace();
                foreach (var resource in _resources)
                    _updated(resource.Public);
                break;
            case UpstreamNoticeKind.ResourceUpdated:
                foreach (var resource in _resources)
                {
                    if (resource.PublicUriOf(notice.Uri) is { } uri)
                        _updated(uri);
                }

                break;
        }
    }

    private void TakePlace()
    {
        _isListening = true;
        Interlocked.Exchange(ref _predecessor, null)?.Stop();
    }
}
