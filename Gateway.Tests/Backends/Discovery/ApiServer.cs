using System.Net;
using System.Text;
using System.Text.Json;
using Cortex.Tests.Fixtures;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cortex.Tests.Backends.Discovery;

/// <summary>
/// Stands in for the Services of a Kubernetes API server, on a port of this machine, in the form that a real one gives them: lists in pages, watches as
/// one JSON event a line, bookmarks, Status objects for 403 and 410, versions that run out. It can be stopped and started again with what it holds.
/// </summary>
internal sealed class ApiServer(int port) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, V1Service> _services = new(StringComparer.Ordinal);
    private readonly List<(int Version, string Type, V1Service Service)> _history = [];
    private readonly HashSet<string> _forbidden = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource _ending = new();
    private CancellationTokenSource _cutting = new();
    private TaskCompletionSource? _silence;
    private WebApplication? _app;
    private int _version = 100;
    private int _oldest = 100;
    private int _lists;
    private int _watches;

    /// <summary>A server that answers.</summary>
    public static async Task<ApiServer> StartAsync()
    {
        var server = new ApiServer(ServerProcess.FreePort());
        await server.OpenAsync();
        return server;
    }

    public string Url => $"http://127.0.0.1:{port}";

    /// <summary>How many lists and watches were asked for.</summary>
    public (int Lists, int Watches) Asked => (Volatile.Read(ref _lists), Volatile.Read(ref _watches));

    /// <summary>Selectors of labels that were asked for.</summary>
    public HashSet<string?> Selectors { get; } = [];

    /// <summary>Starts answering.</summary>
    public async Task OpenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Url);
        _app = builder.Build();
        _app.MapGet("/api/v1/namespaces/{space}/services", AnswerAsync);
        await _app.StartAsync();
    }

    /// <summary>Stops answering, and cuts what is open. What it holds stays.</summary>
    public async Task CloseAsync()
    {
        CutWatches();
        await _app!.StopAsync();
        await _app.DisposeAsync();
        _app = null;
    }

    /// <summary>Creates or changes Services, all at once.</summary>
    public void Put(params IEnumerable<V1Service> services)
    {
        lock (_lock)
        {
            foreach (var service in services)
            {
                var key = $"{service.Namespace()}/{service.Name()}";
                var before = _services.GetValueOrDefault(key);
                service.Metadata.ResourceVersion = $"{++_version}";
                service.Metadata.CreationTimestamp ??= before?.Metadata.CreationTimestamp ?? new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(_version);
                _services[key] = service;
                _history.Add((_version, before is null ? "ADDED" : "MODIFIED", service));
            }
        }

        Tell();
    }

    public void Delete(string space, string name)
    {
        lock (_lock)
        {
            _services.Remove($"{space}/{name}", out var service);
            service!.Metadata.ResourceVersion = $"{++_version}";
            _history.Add((_version, "DELETED", service));
        }

        Tell();
    }

    /// <summary>Forgets what happened until now: who watches from an earlier version is told that it is gone.</summary>
    public void Compact()
    {
        lock (_lock)
            (_oldest, _version) = (_version + 1, _version + 1);
    }

    /// <summary>Refuses a verb, as a cluster does without a role for it.</summary>
    public void Forbid(string verb)
    {
        lock (_lock)
            _forbidden.Add(verb);
    }

    /// <summary>Gives leave for everything.</summary>
    public void Allow()
    {
        lock (_lock)
            _forbidden.Clear();
    }

    /// <summary>Lists get headers from now on, and then nothing.</summary>
    public void FallSilent() => Interlocked.Exchange(ref _silence, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>Lists get bodies again.</summary>
    public void Speak() => Interlocked.Exchange(ref _silence, null)?.TrySetResult();

    /// <summary>Ends every watch as a server does when its time is up.</summary>
    public void EndWatches() => Interlocked.Exchange(ref _ending, new CancellationTokenSource()).Cancel();

    /// <summary>Resets the connection of every watch.</summary>
    public void CutWatches() => Interlocked.Exchange(ref _cutting, new CancellationTokenSource()).Cancel();

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await CloseAsync();
        _ending.Dispose();
        _cutting.Dispose();
    }

    private async Task AnswerAsync(HttpContext context, string space)
    {
        var query = context.Request.Query;
        lock (_lock)
            Selectors.Add(query["labelSelector"]);
        var verb = query["watch"] == "true" ? "watch" : "list";
        if (verb == "list")
            Interlocked.Increment(ref _lists);
        else
            Interlocked.Increment(ref _watches);
        bool refused;
        lock (_lock)
            refused = _forbidden.Contains(verb);
        if (refused)
            await RefuseAsync(context, HttpStatusCode.Forbidden, "Forbidden", $"services is forbidden: User \"system:serviceaccount:tools:cortex\" cannot {verb} resource \"services\" in API group \"\" in the namespace \"{space}\"");
        else if (verb == "list")
            await ListAsync(context, space);
        else
            await WatchAsync(context, space, int.Parse(query["resourceVersion"]!, System.Globalization.CultureInfo.InvariantCulture));
    }

    private async Task ListAsync(HttpContext context, string space)
    {
        var skip = int.TryParse(context.Request.Query["continue"], out var from) ? from : 0;
        var limit = int.TryParse(context.Request.Query["limit"], out var most) ? most : int.MaxValue;
        string page;
        lock (_lock)
        {
            var all = _services.Values.Where(service => service.Namespace() == space).ToList();
            page = KubernetesJson.Serialize(new V1ServiceList
            {
                ApiVersion = "v1",
                Kind = "ServiceList",
                Metadata = new V1ListMeta { ResourceVersion = $"{_version}", ContinueProperty = skip + limit < all.Count ? $"{skip + limit}" : null },
                Items = [.. all.Skip(skip).Take(limit)],
            });
        }

        context.Response.ContentType = "application/json";
        if (Volatile.Read(ref _silence) is { } silence)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(_cutting.Token, context.RequestAborted);
            await context.Response.StartAsync();
            await context.Response.Body.FlushAsync(CancellationToken.None);
            await Task.WhenAny(silence.Task, Task.Delay(Timeout.Infinite, over.Token));
            context.Abort();
            return;
        }

        await context.Response.WriteAsync(page);
    }

    private async Task WatchAsync(HttpContext context, string space, int from)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token, _cutting.Token, context.RequestAborted);
        var cut = _cutting.Token;
        context.Response.ContentType = "application/json";
        await context.Response.StartAsync();
        try
        {
            for (var told = from; ;)
            {
                Task next;
                string lines;
                lock (_lock)
                {
                    next = _changed.Task;
                    if (told < _oldest && _oldest > 100)
                    {
                        lines = Line("ERROR", StatusOf(410, "Expired", $"too old resource version: {told} ({_oldest})"));
                        over.CancelAfter(0);
                    }
                    else
                    {
                        lines = string.Concat(_history.Where(change => change.Version > told && change.Service.Namespace() == space).Select(change => Line(change.Type, KubernetesJson.Serialize(change.Service))));
                        told = _version;
                    }
                }

                await context.Response.WriteAsync(lines, CancellationToken.None);
                await context.Response.Body.FlushAsync(CancellationToken.None);
                await next.WaitAsync(over.Token);
            }
        }
        catch (OperationCanceledException)
        {
            if (cut.IsCancellationRequested)
                context.Abort();
        }
    }

    private void Tell() => Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    private static string Line(string type, string json) => $$"""{"type":"{{type}}","object":{{json}}}""" + "\n";

    private static string StatusOf(int code, string reason, string message) => JsonSerializer.Serialize(
        new { kind = "Status", apiVersion = "v1", metadata = new { }, status = "Failure", message, reason, code });

    private static async Task RefuseAsync(HttpContext context, HttpStatusCode status, string reason, string message)
    {
        context.Response.StatusCode = (int)status;
        context.Response.ContentType = "application/json";
        await context.Response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes(StatusOf((int)status, reason, message)));
    }
}
