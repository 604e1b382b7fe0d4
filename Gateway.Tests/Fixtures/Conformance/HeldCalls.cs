using System.Collections.Concurrent;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Cortex.Tests.Fixtures.Conformance;

/// <summary>
/// A tool whose calls last until the test lets them end. A call reports progress 1 when it has begun and 2 when it is let go. Each has a key,
/// its argument.
/// </summary>
internal sealed class HeldCalls
{
    public const string Tool = "test_held_call";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _releases = new();
    private readonly ConcurrentDictionary<string, bool> _isCancelled = new();

    public IEnumerable<McpServerTool> All(FixtureNames names) => [names.Tool(Tool, "Lasts until the test lets it end.", HoldAsync)];

    /// <summary>The result's text.</summary>
    public static string ResultOf(string key) => $"The call '{key}' was let go.";

    /// <summary>True while the server runs the call, and afterwards.</summary>
    public bool HasBegun(string key) => _isCancelled.ContainsKey(key);

    /// <summary>True when the client's wish to cancel has reached the running call.</summary>
    public bool IsCancelled(string key) => _isCancelled.GetValueOrDefault(key);

    /// <summary>Lets the call go on to its end, also one that has not begun.</summary>
    public void Release(string key) => ReleaseOf(key).TrySetResult();

    private async Task<string> HoldAsync(RequestContext<CallToolRequestParams> context, string key, CancellationToken cancellationToken)
    {
        _isCancelled[key] = false;
        await ReportAsync(context, 1, cancellationToken);
        try
        {
            await ReleaseOf(key).Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _isCancelled[key] = true;
            throw;
        }

        await ReportAsync(context, 2, cancellationToken);
        await Task.Delay(Pause, cancellationToken);
        return ResultOf(key);
    }

    private static async Task ReportAsync(RequestContext<CallToolRequestParams> context, int progress, CancellationToken cancellationToken)
    {
        if (context.Params!.ProgressToken is { } token)
            await context.Server.NotifyProgressAsync(token, new ProgressNotificationValue { Progress = progress, Total = 2 }, cancellationToken: cancellationToken);
    }

    private TaskCompletionSource ReleaseOf(string key) =>
        _releases.GetOrAdd(key, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
