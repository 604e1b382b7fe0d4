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

    /// <summary>Writes both rows, and gives them back.</summary>
    public async Task<Compared> WriteAsync(string name, Compared compared)
    {
        await output.WriteLineAsync(Row(name, "without", compared.Without, ""));
        await output.WriteLineAsync(Row(name, "with", compared.With, compared.Ratio.ToString("0.00", CultureInfo.InvariantCulture)));
        return compared;
    }

    private static string Row(string name, string gateway, LoadResult result, string ratio) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {gateway} | {result.Requests} | {result.PerSecond:0} | {result.Median.TotalMilliseconds:0.00} | {result.P99.TotalMilliseconds:0.00} | {result.Failures} | {ratio} |");
}
