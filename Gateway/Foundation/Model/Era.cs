namespace Cortex.Foundation.Model;

/// <summary>The two eras of MCP: with sessions (up to 2025-11-25) and stateless (from 2026-07-28).</summary>
internal enum Era
{
    /// <summary>2025-03-26, 2025-06-18 and 2025-11-25: <c>initialize</c> and sessions.</summary>
    Legacy,

    /// <summary>2026-07-28 and later: every request stands alone.</summary>
    Modern,
}
