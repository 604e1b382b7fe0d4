using System.Collections.Immutable;
using System.Net;
using Cortex.Foundation.Configuration;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Cortex.Backends.Discovery;

/// <summary>
/// The announced Services of one namespace: (1) lists them; (2) watches from the list's <c>resourceVersion</c> on; (3) when the watch ends, watches on
/// from the last version it told; (4) when that fails, or the version is gone (410), lists again. What was found stays while the API server is away.
/// See <see href="https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes">efficient detection of changes</see>.
/// </summary>
/// <param name="services">The API server.</param>
/// <param name="namespace">The namespace.</param>
/// <param name="labelSelector">Which Services to look at; null: all.</param>
/// <param name="reader">Reads what they announce.</param>
/// <param name="changed">Called when <see cref="Found"/> or <see cref="Fault"/> is another. Must not block.</param>
internal sealed partial class ServiceWatch(
    ICoreV1Operations services, string @namespace, string? labelSelector, ServiceReader reader, DiscoverySchedule schedule, Action changed, TimeProvider time, ILogger logger)
{
    private const int PageSize = 500;

    private static readonly TimeSpan WatchGrace = TimeSpan.FromSeconds(30);

    private volatile ImmutableDictionary<string, AnnouncedService> _found = ImmutableDictionary.Create<string, AnnouncedService>(StringComparer.Ordinal);
    private volatile ConfigurationError? _listFault;
    private volatile ConfigurationError? _watchFault;
    private string? _version;

    /// <summary>Services that announce a backend, sound or not.</summary>
    public IEnumerable<AnnouncedService> Found => _found.Values;

    /// <summary>Why Services can't be listed or watched; null: they can.</summary>
    public ConfigurationError? Fault => _listFault ?? _watchFault;

    /// <summary>Follows the namespace until it is told to end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var failures = 0; ;)
        {
            var listed = _version is not null || await TryListAsync(cancellationToken);
            var began = time.GetTimestamp();
            if (listed)
                await FollowWhileItLastsAsync(cancellationToken);
            failures = listed && time.GetElapsedTime(began) > schedule.FirstRetry ? 0 : failures + 1;
            if (failures > 0)
                await Task.Delay(PauseAfter(failures), time, cancellationToken);
        }
    }

    /// <summary>Lists once; false when that fails, which <see cref="Fault"/> then tells.</summary>
    public async Task<bool> TryListAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(schedule.ListTimeout);
        try
        {
            await ListAsync(limit.Token);
            SetFaults(null, _watchFault);
            return true;
        }
        catch (HttpOperationException exception) when (exception.Response.StatusCode == HttpStatusCode.Gone)
        {
            Log.Gone(logger, @namespace);
            return false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever the client throws: one namespace that can't be read must not hurt the rest of the gateway.
            SetFaults(ClusterFault.Of(exception, "list", @namespace), _watchFault);
            return false;
        }
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var before = _found;
        var found = before.Clear();
        V1ServiceList page;
        string? next = null;
        do
        {
            page = await ReadPageAsync(next, cancellationToken);
            foreach (var announced in page.Items.Select(service => Read(service, before)).OfType<AnnouncedService>())
                found = found.SetItem(announced.Name, announced);
            next = page.Metadata.ContinueProperty;
        }
        while (!string.IsNullOrEmpty(next));

        _version = page.Metadata.ResourceVersion;
        Replace(before, found);
    }

    /// <summary>One page of the list. It ends with the token also where the client does not, in a program that gives it credentials for instance.</summary>
    private async Task<V1ServiceList> ReadPageAsync(string? next, CancellationToken cancellationToken)
    {
        var reading = services.ListNamespacedServiceAsync(@namespace, labelSelector: labelSelector, limit: PageSize, continueParameter: next, cancellationToken: cancellationToken);
        try
        {
            return await reading.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // What becomes of it concerns nobody any more, but is not to go unobserved.
            _ = reading.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>Watches until the stream ends, or can't be followed any more.</summary>
    private async Task FollowWhileItLastsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FollowAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, the list that follows tells; but leave to list is none to watch.
            _version = null;
            Log.Ended(logger, @namespace, exception);
            if (exception is HttpOperationException { Response.StatusCode: HttpStatusCode.Forbidden })
                SetFaults(_listFault, ClusterFault.Of(exception, "watch", @namespace));
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        // An API server that is gone without a word ends no stream.
        using var silence = new CancellationTokenSource(schedule.WatchDuration + WatchGrace, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        Exception? told = null;
        try
        {
            var events = services.WatchListNamespacedServiceAsync(
                @namespace,
                allowWatchBookmarks: true,
                labelSelector: labelSelector,
                resourceVersion: _version,
                timeoutSeconds: (int)schedule.WatchDuration.TotalSeconds,
                onError: End,
                cancellationToken: limit.Token);
            await foreach (var (kind, service) in events)
            {
                SetFaults(_listFault, null);
                Apply(kind, service);
            }
        }
        catch (OperationCanceledException) when (told is not null)
        {
            // Ended below, by what the API server told.
        }
        catch (IOException)
        {
            // The connection broke, or ended before an event came: the next watch goes on from the same version.
        }

        if (told is not null)
            throw told;

        void End(Exception exception)
        {
            told ??= exception;
            limit.Cancel();
        }
    }

    private void Apply(WatchEventType kind, V1Service service)
    {
        var before = _found;
        switch (kind)
        {
            case WatchEventType.Added or WatchEventType.Modified when Read(service, before) is { } announced:
                Replace(before, before.SetItem(announced.Name, announced));
                break;
            case WatchEventType.Added or WatchEventType.Modified or WatchEventType.Deleted:
                Replace(before, before.Remove(service.Name()));
                break;
        }

        _version = service.ResourceVersion();
    }

    /// <summary>
    /// What the Service announces; null: nothing. What was there before stays the same object where nothing that counts has changed, so that an
    /// annotation of somebody else, which may change every second, reloads nothing.
    /// </summary>
    private AnnouncedService? Read(V1Service service, ImmutableDictionary<string, AnnouncedService> before)
    {
        var known = before.GetValueOrDefault(service.Name());
        if (known is not null && known.Version == service.ResourceVersion())
            return known;
        var content = ServiceContent.Of(service);
        var backend = known is not null && known.Content.IsSameAs(content) ? known.Backend : reader.Read(service);
        return backend is null
            ? null
            : new AnnouncedService(service.Name(), service.CreationTimestamp() ?? DateTime.MaxValue, service.ResourceVersion(), content, backend);
    }

    private void Replace(ImmutableDictionary<string, AnnouncedService> before, ImmutableDictionary<string, AnnouncedService> after)
    {
        _found = after;
        if (before.Count != after.Count || after.Any(pair => !ReferenceEquals(before.GetValueOrDefault(pair.Key), pair.Value)))
            changed();
    }

    private void SetFaults(ConfigurationError? list, ConfigurationError? watch)
    {
        if (list == _listFault && watch == _watchFault)
            return;
        (_listFault, _watchFault) = (list, watch);
        changed();
    }

    private TimeSpan PauseAfter(int failures)
    {
        var pause = Math.Min(schedule.FirstRetry.Ticks << Math.Min(failures - 1, 20), schedule.LongestRetry.Ticks);
        return TimeSpan.FromTicks((long)(pause * (0.75 + (Random.Shared.NextDouble() / 4))));
    }

    private static partial class Log
    {
        [LoggerMessage(2400, LogLevel.Debug, "The list of Services in namespace {Namespace} ran out while it was read; it is read again", EventName = "DiscoveryListGone")]
        public static partial void Gone(ILogger logger, string @namespace);

        [LoggerMessage(2401, LogLevel.Debug, "The watch of Services in namespace {Namespace} ended; they are listed again", EventName = "DiscoveryWatchEnded")]
        public static partial void Ended(ILogger logger, string @namespace, Exception exception);
    }
}
