using Cortex.Foundation.JsonRpc;

namespace Cortex.Sessions;

/// <summary>Reads and compares levels as they stand on the wire: raw JSON strings such as <c>"warning"</c>.</summary>
internal static class LogLevels
{
    private static readonly string[] Words = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"];

    private static readonly byte[][] Raw = [.. Words.Select(word => JsonText.Quote(word))];

    /// <summary>Every level's word, for people.</summary>
    public static string AllWords { get; } = string.Join(", ", Words);

    /// <summary>The level that the raw JSON string names; null when it names none.</summary>
    public static McpLogLevel? Find(ReadOnlySpan<byte> rawLevel)
    {
        for (var index = 0; index < Raw.Length; index++)
        {
            if (JsonText.IsSame(rawLevel, Raw[index]))
                return (McpLogLevel)index;
        }

        return null;
    }

    /// <summary>The level's word on the wire.</summary>
    public static string Format(McpLogLevel level) => Words[(int)level];

    /// <summary>The level as a raw JSON string.</summary>
    public static ReadOnlyMemory<byte> Quote(McpLogLevel level) => Raw[(int)level];

    /// <summary>True when a message of <paramref name="rawLevel"/> is at least as grave as wanted. Nothing wanted lets all through, and so does a level that can't be read.</summary>
    public static bool Passes(McpLogLevel? wanted, ReadOnlySpan<byte> rawLevel) => wanted is not { } least || Find(rawLevel) is not { } level || level >= least;
}
