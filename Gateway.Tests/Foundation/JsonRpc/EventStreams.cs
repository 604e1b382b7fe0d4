using CsCheck;

namespace Cortex.Tests.Foundation.JsonRpc;

/// <summary>Event streams as strangers write them: any line end, comments, unknown fields, data over several lines.</summary>
internal static class EventStreams
{
    private static readonly Gen<string> LineEnd = Gen.OneOf("\n", "\r\n", "\r");

    private static readonly Gen<string> Noise = Gen.OneOf(": comment", ":", "id: 12", "id", "retry: 100", "event: message", "event:x", "other: y", "z");

    /// <summary>A stream of the given payloads, one an event, with noise around them; ends with a blank line.</summary>
    public static Gen<(string[] Payloads, string Stream)> Of(Gen<string> payload) =>
        Gen.Select(payload, Noise.Array[0, 3], Noise.Array[0, 2], LineEnd, Gen.Bool).Array[0, 4].Select(events =>
            (events.Select(one => one.Item1).ToArray(), string.Concat(events.Select(one => Write(one.Item1, one.Item2, one.Item3, one.Item4, one.Item5)))));

    private static string Write(string payload, string[] before, string[] after, string end, bool spaced)
    {
        var data = payload.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n').Select(line => (spaced ? "data: " : "data:") + line);
        return string.Concat(before.Concat(data).Concat(after).Append("").Select(line => line + end));
    }
}
