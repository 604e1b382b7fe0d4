using System.Globalization;

namespace Cortex.Bench;

/// <summary>The table of results, as Markdown.</summary>
internal static class Table
{
    public static void WriteHead()
    {
        Console.WriteLine("| subject | connections | requests/s | p50 ms | p99 ms | CPU µs/request | allocated B/request | not 200 |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|");
    }

    /// <param name="subject">What was measured.</param>
    /// <param name="connections">With how many connections.</param>
    /// <param name="result">What the load came to.</param>
    /// <param name="cpu">Processor time of the server at <see cref="Subject.Address"/> alone.</param>
    /// <param name="bytes">What it allocated meanwhile; null when it is not asked.</param>
    public static void Write(Subject subject, int connections, LoadResult result, TimeSpan cpu, double? bytes) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {subject.Name} | {connections} | {result.PerSecond:0} | {result.Median.TotalMilliseconds:0.00} | {result.P99.TotalMilliseconds:0.00} | {cpu.TotalMicroseconds / result.Requests:0} | {bytes / result.Requests:0} | {result.Failures} |"));
}
