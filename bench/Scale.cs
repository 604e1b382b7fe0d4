namespace Cortex.Bench;

/// <summary>Weighs the gateway: its heap after a whole collection, its process, and its Redis.</summary>
internal sealed class Scale(ChildProcess gateway, GatewayMetrics metrics, PrivateRedis? redis)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public async Task<Footprint> WeighAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var collections = await metrics.WholeCollectionsAsync();

        // The second takes what the finalizers of the first let go.
        await Collector.CollectAsync(gateway.Id, deadline.Token);
        await Collector.CollectAsync(gateway.Id, deadline.Token);
        if (await metrics.WholeCollectionsAsync() < collections + 2)
            throw new InvalidOperationException("The gateway did not collect its heap when it was told to.");
        return new Footprint(await metrics.HeapAfterCollectionAsync(), gateway.WorkingSet, redis is null ? 0 : await redis.MemoryAsync());
    }
}
