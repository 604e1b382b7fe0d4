using System.Globalization;

namespace Cortex.Bench;

/// <summary>The result of a soak, as Markdown.</summary>
internal static class SoakTable
{
    private const double Mebi = 1024 * 1024;

    public static async Task WriteAsync(TextWriter output, SoakResult result)
    {
        await output.WriteLineAsync("\n| round | moment | managed heap MiB | process MiB | Redis MiB |\n|---:|---|---:|---:|---:|");
        for (var number = 0; number < result.Rounds.Count; number++)
        {
            var round = result.Rounds[number];
            await WriteAsync(output, number + 1, "before", round.Before);
            await WriteAsync(output, number + 1, "with the sessions", round.WithSessions);
            await WriteAsync(output, number + 1, "with the streams as well", round.WithStreams);
            await WriteAsync(output, number + 1, "sessions expired, streams open", round.Expired);
            await WriteAsync(output, number + 1, "all over", round.After);
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"""

            Managed bytes per session {result.BytesPerSession:0}, per open stream {result.BytesPerStream:0}; left behind {result.Remainder / Mebi:0.0} MiB.
            Sessions at the native server {result.UpstreamSessions}, expected {result.ExpectedUpstreamSessions}; streams held {result.StreamsHeld} of {result.Streams}; requests that failed {result.Failures}.
            """));
    }

    private static Task WriteAsync(TextWriter output, int round, string moment, Footprint weight) => output.WriteLineAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"| {round} | {moment} | {weight.Heap / Mebi:0.0} | {weight.Resident / Mebi:0} | {(weight.Redis > 0 ? weight.Redis / Mebi : null):0.0} |"));
}
