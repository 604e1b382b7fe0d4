namespace Cortex.Bench;

/// <summary>Options of <c>compare</c>.</summary>
/// <param name="Seconds">Length of one measurement.</param>
/// <param name="WarmupSeconds">Length of the unmeasured load before a subject is measured first: less, and the compiler is measured as well.</param>
/// <param name="Concurrency">Connections, each with one request under way, one measurement each.</param>
/// <param name="Only">Part of the names of the subjects to measure; null for all.</param>
/// <param name="Gateway">The gateway's assembly; another build can be given, to compare the two.</param>
internal sealed record CompareOptions(int Seconds, int WarmupSeconds, IReadOnlyList<int> Concurrency, string? Only, string Gateway)
{
    public static CompareOptions Read(string[] words)
    {
        var arguments = new Arguments(words);
        var options = new CompareOptions(
            arguments.Number("--seconds", 5),
            arguments.Number("--warmup", 8),
            arguments.Numbers("--connections", [1, 16]),
            arguments.Find("--only"),
            arguments.Find("--gateway") ?? Arguments.BuiltGateway());
        arguments.RefuseRest();
        return options;
    }
}
