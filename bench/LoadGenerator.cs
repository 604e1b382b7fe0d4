using System.Diagnostics;

namespace Cortex.Bench;

/// <summary>A closed loop: a fixed number of connections, each sending its next request when the reply to the last is whole.</summary>
internal static class LoadGenerator
{
    /// <summary>Loads <paramref name="subject"/> for so many seconds.</summary>
    public static Task<LoadResult> RunAsync(Subject subject, int connections, int seconds) => RunAsync([subject], connections, seconds);

    /// <summary>Loads all of <paramref name="subjects"/> for so many seconds: each connection one of them, in turn.</summary>
    public static async Task<LoadResult> RunAsync(IReadOnlyList<Subject> subjects, int connections, int seconds)
    {
        var started = Stopwatch.GetTimestamp();
        var end = started + (seconds * Stopwatch.Frequency);
        var workers = await Task.WhenAll(Enumerable.Range(0, connections).Select(number => Task.Run(() => WorkAsync(subjects[number % subjects.Count], end))));
        var elapsed = Stopwatch.GetElapsedTime(started);
        return new LoadResult([.. workers.SelectMany(worker => worker.Ticks).Order()], workers.Sum(worker => worker.Failures), elapsed);
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
}
