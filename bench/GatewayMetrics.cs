using System.Globalization;

namespace Cortex.Bench;

/// <summary>What the gateway tells of itself at <c>/metrics</c>.</summary>
internal sealed class GatewayMetrics(string gateway) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(gateway) };

    /// <summary>Bytes allocated on the managed heap since its start.</summary>
    public Task<double> AllocatedBytesAsync() => SumAsync("dotnet_gc_heap_total_allocated");

    /// <summary>Bytes of the managed heap that were in use after the last collection.</summary>
    public async Task<double> HeapAfterCollectionAsync()
    {
        var text = await ReadAsync();
        return Sum(text, "dotnet_gc_last_collection_heap_size") - Sum(text, "dotnet_gc_last_collection_heap_fragmentation_size");
    }

    /// <summary>Collections so far of the oldest generation, that is of the whole heap.</summary>
    public async Task<double> WholeCollectionsAsync() =>
        Sum(await ReadAsync(), "dotnet_gc_collections", "gen2");

    /// <summary>Streams of notifications that clients hold open.</summary>
    public Task<double> OpenStreamsAsync() => SumAsync("cortex_streams_open");

    /// <summary>Audit records that were lost because stdout or the database took them too slowly.</summary>
    public Task<double> DroppedAuditRecordsAsync() => SumAsync("cortex_audit_dropped");

    public void Dispose() => _http.Dispose();

    private async Task<double> SumAsync(string name) => Sum(await ReadAsync(), name);

    private async Task<string> ReadAsync()
    {
        // The exporter answers from what it last collected for this long.
        await Task.Delay(TimeSpan.FromMilliseconds(350));
        return await _http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
    }

    private static double Sum(string text, string name, string label = "") => text.Split('\n')
        .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
        .Select(line => line[(line.IndexOf('}', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Sum(parts => double.Parse(parts[0].StartsWith(name, StringComparison.Ordinal) ? parts[1] : parts[0], CultureInfo.InvariantCulture));
}
