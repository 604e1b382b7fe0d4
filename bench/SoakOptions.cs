namespace Cortex.Bench;

/// <summary>Options of <c>soak</c>.</summary>
/// <param name="Sessions">Sessions that are opened, used for one call, and left alone.</param>
/// <param name="Streams">Streams held open: half of them GET streams of sessions, half <c>subscriptions/listen</c>.</param>
/// <param name="Persons">How many persons the sessions belong to, evenly; one may hold 100 streams at most.</param>
/// <param name="Rounds">How often all of it is done against the same gateway.</param>
/// <param name="Idle">The gateway's <c>gateway.sessions.idleTimeout</c>; has to be longer than it takes to open the sessions.</param>
/// <param name="Connections">Connections that open sessions, all at once.</param>
/// <param name="Redis">Null for state in process, <c>private</c> for a Redis started for the run, or where one is.</param>
/// <param name="Gateway">The gateway's assembly.</param>
internal sealed record SoakOptions(int Sessions, int Streams, int Persons, int Rounds, TimeSpan Idle, int Connections, string? Redis, string Gateway)
{
    public static SoakOptions Read(string[] words)
    {
        var arguments = new Arguments(words);
        var options = new SoakOptions(
            arguments.Number("--sessions", 100_000),
            arguments.Number("--streams", 1_000),
            arguments.Number("--persons", 20),
            arguments.Number("--rounds", 1),
            arguments.Seconds("--idle", 300),
            arguments.Number("--connections", 8),
            arguments.Find("--redis"),
            arguments.Find("--gateway") ?? Arguments.BuiltGateway());
        arguments.RefuseRest();
        return options;
    }
}
