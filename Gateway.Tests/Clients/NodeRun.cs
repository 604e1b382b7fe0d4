using System.Text.Json;

namespace Cortex.Tests.Clients;

/// <summary>A client script that runs: it prints a JSON line for each step that it tells of, and at its end one with what it saw.</summary>
internal sealed class NodeRun(string script, ChildProcess process) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Waits until the script tells of <paramref name="step"/>; fails the test when it does not.</summary>
    public async Task<JsonElement> StepAsync(string step)
    {
        var line = await NextAsync();
        return line.TryGetProperty("step", out var told) && told.GetString() == step
            ? line
            : throw new InvalidOperationException($"{script} did not come to '{step}': {line}{process.Error}");
    }

    /// <summary>Waits for the end, and gives back what the script saw.</summary>
    public async Task<NodeSight> EndAsync()
    {
        var line = await NextAsync();
        return line.TryGetProperty("step", out _)
            ? throw new InvalidOperationException($"{script} did not come to its end: {line}{process.Error}")
            : new NodeSight(line);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private async Task<JsonElement> NextAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var line = await process.ReadLineAsync(limit.Token);
            return line is not null
                ? JsonSerializer.Deserialize<JsonElement>(line)
                : throw new InvalidOperationException($"{script} ended without a word: {process.Error}");
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{script} said nothing for {Patience}: {process.Error}");
        }
    }
}
