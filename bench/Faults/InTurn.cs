namespace Cortex.Bench.Faults;

/// <summary>Loads two gateways in turn, in the order A B, B A, A B, so that neither has the better moments of the machine.</summary>
internal sealed class InTurn(FaultOptions options)
{
    public async Task<Compared> RunAsync(IReadOnlyList<Subject> first, IReadOnlyList<Subject> second)
    {
        await LoadGenerator.RunAsync(first, options.Connections, options.Warmup);
        await LoadGenerator.RunAsync(second, options.Connections, options.Warmup);
        var (firsts, seconds) = (new List<LoadResult>(), new List<LoadResult>());
        for (var round = 0; round < options.Rounds; round++)
        {
            var isForward = round % 2 == 0;
            var (one, other) = isForward ? (first, second) : (second, first);
            var (ones, others) = isForward ? (firsts, seconds) : (seconds, firsts);
            ones.Add(await LoadGenerator.RunAsync(one, options.Connections, options.Seconds));
            others.Add(await LoadGenerator.RunAsync(other, options.Connections, options.Seconds));
        }

        return new Compared(LoadResult.Of(firsts), LoadResult.Of(seconds));
    }
}
