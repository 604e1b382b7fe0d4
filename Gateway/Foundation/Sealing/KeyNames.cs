using System.Globalization;
using System.Security.Cryptography;

namespace Cortex.Foundation.Sealing;

/// <summary>Names of keys that the gateway makes: <c>key-20260131-090000-1f0c</c>, so that of several keys the newest can be told.</summary>
internal static class KeyNames
{
    private const string Start = "key-";
    private const string Moment = "yyyyMMdd-HHmmss";

    /// <summary>A new key under a new name.</summary>
    public static SealingKey Make(TimeProvider time) => new(
        $"{Start}{time.GetUtcNow().ToString(Moment, CultureInfo.InvariantCulture)}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(2))}",
        RandomNumberGenerator.GetBytes(SealingKey.Size));

    /// <summary>The newest by name; the first where no name tells.</summary>
    public static SealingKey NewestOf(IReadOnlyList<SealingKey> ring) =>
        ring.Where(key => MadeAt(key.Id) is not null).MaxBy(key => MadeAt(key.Id)) ?? ring[0];

    /// <summary>True when the names tell which key is the newest.</summary>
    public static bool Tell(IReadOnlyList<SealingKey> ring) => ring.Any(key => MadeAt(key.Id) is not null);

    private static string? MadeAt(string id) =>
        id.StartsWith(Start, StringComparison.Ordinal) && id.Length > Start.Length + Moment.Length
        && DateTime.TryParseExact(id.AsSpan(Start.Length, Moment.Length), Moment, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? id.Substring(Start.Length, Moment.Length)
            : null;
}
