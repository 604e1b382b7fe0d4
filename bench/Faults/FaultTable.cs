using System.Globalization;

namespace Cortex.Bench.Faults;

/// <summary>The results of <c>faults</c>, as Markdown.</summary>
internal sealed class FaultTable(TextWriter output)
{
    public async Task WriteHeadAsync()
    {
        await output.WriteLineAsync("| asked | gateway | requests | requests/s | p50 ms | p99 ms | not 200 | p99 with : without |");
        await output.WriteLineAsync("|---|---|---:|---:|---:|---:|---:|---:|");
    }

    /// <summary>Writes both rows; gives how many times as long the slowest of a hundred take with the bad backends.</summary>
    public async Task<double> WriteAsync(string name, LoadResult without, LoadResult with)
    {
        var ratio = with.P99 / without.P99;
        await output.WriteLineAsync(Row(name, "without", without, ""));
        await output.WriteLineAsync(Row(name, "with", with, ratio.ToString("0.00", CultureInfo.InvariantCulture)));
        return ratio;
    }

    private static string Row(string name, string gateway, LoadResult result, string ratio) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {gateway} | {result.Requests} | {result.PerSecond:0} | {result.Median.TotalMilliseconds:0.00} | {result.P99.TotalMilliseconds:0.00} | {result.Failures} | {ratio} |");
}
