using Cortex.Foundation.Model;

namespace Cortex.Catalog;

/// <summary>What one backend offered at its last good refresh.</summary>
/// <param name="Tools">Its tools, in its own order.</param>
/// <param name="Version">The revision agreed with a native MCP server; null for a contract backend.</param>
/// <param name="FetchedAt">When it was read.</param>
/// <param name="Faults">What was left out and why, one sentence each.</param>
internal sealed record BackendCatalog(
    IReadOnlyList<OfferedItem> Tools,
    ProtocolVersion? Version,
    DateTimeOffset FetchedAt,
    IReadOnlyList<string> Faults);

/// <summary>One tool as its backend offers it.</summary>
/// <param name="Name">The backend's own name.</param>
/// <param name="Scope">The scope a caller needs.</param>
/// <param name="Json">The MCP tool object under the backend's own name, UTF-8.</param>
internal sealed record OfferedItem(string Name, Scope Scope, byte[] Json);
