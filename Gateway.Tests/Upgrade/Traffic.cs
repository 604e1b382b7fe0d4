using System.Collections.Concurrent;
using Cortex.Tests.Fixtures;

namespace Cortex.Tests.Upgrade;

/// <summary>One call after another, at each replica in turn, until it is disposed: what clients behind a load balancer do.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Func<string, Task<McpReply>> _call;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<string, int> _served = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Task _run;
    private volatile string[] _replicas;

    public Traffic(Func<string, Task<McpReply>> call, params string[] replicas)
    {
        (_call, _replicas) = (call, replicas);
        _run = Task.Run(RunAsync);
    }

    /// <summary>What went wrong, call by call.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>How many calls were made.</summary>
    public int Calls => _served.Values.Sum();

    /// <summary>From now on these replicas are called.</summary>
    public void Turn(params string[] replicas) => _replicas = replicas;

    /// <summary>Waits until each of the replicas has answered so many more calls; after two, no call to another one is under way.</summary>
    public async Task UntilServedAsync(int more)
    {
        var wanted = _replicas.ToDictionary(replica => replica, replica => _served.GetValueOrDefault(replica) + more);
        using var deadline = new CancellationTokenSource(Patience);
        while (wanted.Any(replica => _served.GetValueOrDefault(replica.Key) < replica.Value))
            await Task.Delay(Pause, deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _run;
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        for (var turn = 0; !_end.IsCancellationRequested; turn++)
        {
            var replicas = _replicas;
            var replica = replicas[turn % replicas.Length];
            try
            {
                var reply = await _call(replica);
                if (reply.Status != 200 || reply.Answer["error"] is not null || reply.IsToolError)
                    _failures.Enqueue($"{replica} answered {reply.Status}: {reply.Body}");
            }
            catch (HttpRequestException exception)
            {
                _failures.Enqueue($"{replica}: {exception.Message}");
            }

            _served.AddOrUpdate(replica, 1, (_, count) => count + 1);
            await Task.Delay(Pause);
        }
    }
}
