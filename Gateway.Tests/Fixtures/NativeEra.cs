namespace Cortex.Tests.Fixtures;

/// <summary>What a native test server speaks, and refuses.</summary>
internal enum NativeEra
{
    /// <summary>2026-07-28 alone, stateless: <c>initialize</c> is refused.</summary>
    Modern,

    /// <summary>Up to 2025-11-25 with sessions: a modern request gets 400.</summary>
    LegacyStateful,

    /// <summary>2025-11-25 without sessions: <c>initialize</c> gives no session id, and a modern request gets 400.</summary>
    LegacyStateless,
}
