using System.Diagnostics;

namespace Cortex.Bench;

/// <summary>The steps of a soak, and what is said about them while they last.</summary>
internal sealed class SoakRun(SoakOptions options, SessionFlood clients, SoakStreams streams, Scale scale, TextWriter output)
{
    private const int MostWarmUps = 2_000;

    /// <summary>Everything once, so that code is compiled and pools are filled before anything is weighed.</summary>
    public async Task WarmUpAsync()
    {
        var sessions = Math.Max(options.Persons * SessionFlood.CapabilitySets, Math.Min(options.Sessions, MostWarmUps));
        var opened = await clients.OpenAsync(sessions, options.Connections, withCall: true, CancellationToken.None);
        using (var hold = new StreamHold())
            await streams.OpenAsync(hold, [.. opened.Take(options.Persons)], options.Persons, CancellationToken.None);
        await clients.EndAsync(opened);
        await scale.WeighAsync();
    }

    public async Task OpenSessionsAsync()
    {
        var started = Stopwatch.GetTimestamp();
        await clients.OpenAsync(options.Sessions, options.Connections, withCall: true, CancellationToken.None);
        var elapsed = Stopwatch.GetElapsedTime(started);
        await output.WriteLineAsync($"{options.Sessions} sessions opened, used once and left alone in {elapsed.TotalSeconds:0} s ({2 * options.Sessions / elapsed.TotalSeconds:0} requests/s).");
        if (elapsed > options.Idle)
            await output.WriteLineAsync("The first of them expired before the last was opened: take a longer --idle for true figures.");
    }

    /// <summary>Opens the streams; gives the sessions that half of them belong to.</summary>
    public async Task<IReadOnlyList<(string Token, string Session)>> OpenStreamsAsync(StreamHold hold)
    {
        var owners = await clients.OpenAsync(options.Streams / 2, options.Connections, withCall: false, CancellationToken.None);
        await streams.OpenAsync(hold, owners, options.Streams - owners.Count, CancellationToken.None);
        await output.WriteLineAsync($"{hold.Open} streams open.");
        return owners;
    }
}
