namespace Cortex.Foundation.Model;

/// <summary>A revision of MCP that the gateway speaks.</summary>
internal sealed record ProtocolVersion(string Value, Era Era)
{
    public static readonly ProtocolVersion V20250326 = new("2025-03-26", Era.Legacy);
    public static readonly ProtocolVersion V20250618 = new("2025-06-18", Era.Legacy);
    public static readonly ProtocolVersion V20251125 = new("2025-11-25", Era.Legacy);
    public static readonly ProtocolVersion V20260728 = new("2026-07-28", Era.Modern);

    /// <summary>Every supported revision, newest first: the one list for discovery and for errors.</summary>
    public static readonly IReadOnlyList<ProtocolVersion> Supported = [V20260728, V20251125, V20250618, V20250326];

    /// <summary>Newest revision with sessions: what <c>initialize</c> answers when it can't agree to the one asked for.</summary>
    public static ProtocolVersion LatestLegacy => V20251125;

    /// <summary>The revision named <paramref name="value"/>, or null when it is not supported.</summary>
    public static ProtocolVersion? Find(string? value) => Supported.FirstOrDefault(version => version.Value == value);

    public override string ToString() => Value;
}
