using Cortex.Tests.Clients;

namespace Cortex.Tests.Conformance;

/// <summary>
/// <c>known-gaps.txt</c>: the scenarios that are known to lose checks through the gateway. A line is
/// <c>revision scenario setups reason</c>, where setups is <c>both</c>, <c>plain</c> or <c>prefixed</c>; <c>#</c> starts a comment.
/// </summary>
internal static class KnownGaps
{
    private const string Both = "both";

    private static string File => Repository.PathOf("Gateway.Tests", "Conformance", "known-gaps.txt");

    /// <summary>Names of the scenarios that are known to lose checks.</summary>
    public static IReadOnlyList<string> Read(string revision, string setup) =>
    [
        .. System.IO.File.ReadAllLines(File)
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(Parse)
            .Where(gap => gap.Revision == revision && (gap.Setups == Both || gap.Setups == setup))
            .Select(gap => gap.Scenario),
    ];

    private static (string Revision, string Scenario, string Setups) Parse(string line) =>
        line.Split(' ', 4, StringSplitOptions.RemoveEmptyEntries) is [var revision, var scenario, (Both or "plain" or "prefixed") and var setups, _]
            ? (revision, scenario, setups)
            : throw new FormatException($"known-gaps.txt: '{line}' is not 'revision scenario both|plain|prefixed reason'.");
}
