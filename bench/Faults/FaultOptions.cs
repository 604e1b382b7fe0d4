namespace Cortex.Bench.Faults;

/// <summary>Options of <c>faults</c>.</summary>
/// <param name="Backends">Backends in sum, the two bad ones included.</param>
/// <param name="Rounds">How often each of the two gateways is loaded, in turn.</param>
/// <param name="Seconds">Length of one load.</param>
/// <param name="Warmup">Length of the unmeasured load before.</param>
/// <param name="Connections">Connections, each with one request under way.</param>
/// <param name="Gateway">The gateway's assembly.</param>
internal sealed record FaultOptions(int Backends, int Rounds, int Seconds, int Warmup, int Connections, string Gateway)
{
    public static FaultOptions Read(string[] words)
    {
        var arguments = new Arguments(words);
        var options = new FaultOptions(
            arguments.Number("--backends", 20),
            arguments.Number("--rounds", 12),
            arguments.Number("--seconds", 3),
            arguments.Number("--warmup", 8),
            arguments.Number("--connections", 4),
            arguments.Find("--gateway") ?? Arguments.BuiltGateway());
        arguments.RefuseRest();
        return options;
    }
}
