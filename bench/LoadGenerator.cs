using System.Diagnostics;

namespace Cortex.Bench;

/// <summary>A closed loop: a fixed number of connections, each sending its next request when the reply to the last is whole.</summary>
internal static class LoadGenerator
{
    /// <summary>Loads <paramref name="subject"/> for so many seconds.</summary>
    public static async Task<LoadResult> RunAsync(Subject subject, int connections, int seconds)
    {
        var started = Stopwatch.GetTimestamp();
        var end = started + (seconds * Stopwatch.Frequency);
        var workers = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => WorkAsync(subject, end))));
        var elapsed = Stopwatch.GetElapsedTime(started);
        var ticks = workers.SelectMany(worker => worker.Ticks).Order().ToArray();
        return new LoadResult(ticks.Length, workers.Sum(worker => worker.Failures), elapsed, At(ticks, 0.50), At(ticks, 0.99));
    }

    /// <summary>One request, to see that the subject does what it should before its speed is of interest.</summary>
    public static async Task<string> TryAsync(Subject subject)
    {
        using var connection = new HttpConnection(subject.Address);
        await connection.OpenAsync(CancellationToken.None);
        return System.Text.Encoding.UTF8.GetString((await connection.ExchangeAsync(subject.Request, CancellationToken.None)).Span);
    }

    private static async Task<(List<long> Ticks, int Failures)> WorkAsync(Subject subject, long end)
    {
        using var connection = new HttpConnection(subject.Address);
        await connection.OpenAsync(CancellationToken.None);
        var ticks = new List<long>(100_000);
        var failures = 0;
        while (Stopwatch.GetTimestamp() is var sent && sent < end)
        {
            var reply = await connection.ExchangeAsync(subject.Request, CancellationToken.None);
            ticks.Add(Stopwatch.GetTimestamp() - sent);
            if (!HttpConnection.IsSuccess(reply.Span))
                failures++;
        }

        return (ticks, failures);
    }

    private static TimeSpan At(long[] sorted, double quantile) =>
        sorted.Length == 0 ? default : Stopwatch.GetElapsedTime(0, sorted[(int)((sorted.Length - 1) * quantile)]);
}

/// <summary>What a load came to.</summary>
/// <param name="Requests">Requests answered.</param>
/// <param name="Failures">Those of them that were answered with another status than 200.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Median">Half of the requests took no longer.</param>
/// <param name="P99">Ninety-nine in a hundred took no longer.</param>
internal sealed record LoadResult(int Requests, int Failures, TimeSpan Elapsed, TimeSpan Median, TimeSpan P99)
{
    public double PerSecond => Requests / Elapsed.TotalSeconds;
}
