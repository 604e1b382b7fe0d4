using Cortex.Bench;
using Cortex.Bench.Faults;

switch (args)
{
    case ["backend", var url]:
        return await BackendServer.RunAsync(url);
    case ["yarp", var url, var backend]:
        return await BareYarp.RunAsync(url, backend);
    case ["liar", var url]:
        return await Liar.RunAsync(url);
    case ["compare", .. var words]:
        return await Comparison.RunAsync(CompareOptions.Read(words));
    case ["soak", .. var words]:
        var result = await Soak.RunAsync(SoakOptions.Read(words), Console.Out);
        return result.IsFlat && result.UpstreamSessions == result.ExpectedUpstreamSessions ? 0 : 1;
    case ["faults", .. var words]:
        return (await FaultRun.RunAsync(FaultOptions.Read(words), Console.Out)).IsCalm ? 0 : 1;
    default:
        Console.Error.WriteLine("Usage: compare [--seconds N] [--warmup N] [--connections 1,16] [--only NAME] [--gateway Gateway.dll]");
        Console.Error.WriteLine("       soak [--sessions N] [--streams N] [--persons N] [--rounds N] [--idle SECONDS] [--connections N] [--redis HOST:PORT|private] [--gateway Gateway.dll]");
        Console.Error.WriteLine("       faults [--backends N] [--rounds N] [--seconds N] [--warmup N] [--connections N] [--gateway Gateway.dll]");
        return 2;
}
