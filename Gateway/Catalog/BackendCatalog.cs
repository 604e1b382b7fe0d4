using Cortex.Foundation.Model;
using Cortex.Governance.Integrity;

namespace Cortex.Catalog;

/// <summary>What one backend offered at its last good refresh.</summary>
/// <param name="Items">Its tools, prompts, resources and templates, in its own order.</param>
/// <param name="Speech">How a native MCP server speaks; null for a contract backend.</param>
/// <param name="FetchedAt">When it was read.</param>
/// <param name="Faults">What was left out and why, one sentence each.</param>
internal sealed record BackendCatalog(
    IReadOnlyList<OfferedItem> Items,
    BackendSpeech? Speech,
    DateTimeOffset FetchedAt,
    IReadOnlyList<string> Faults)
{
    /// <summary>The lists of which a native server announces that they changed.</summary>
    public CatalogLists Announces { get; init; }

    /// <summary>How long a native server lets it be kept; null when it does not say.</summary>
    public TimeSpan? TimeToLive { get; init; }
    /// <summary>What a native server says about itself when it is connected; null when it says nothing, or is no such server.</summary>
    public OfferedInstructions? Instructions { get; init; }

    /// <summary>The state of decisions under which it was held against the baseline.</summary>
    public long HeldAt { get; init; }

    /// <summary>Number of its tools, for people.</summary>
    public int Tools => Items.Count(item => item.Kind == CatalogKind.Tool);
}

/// <summary>One tool, prompt, resource or template as its backend offers it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The backend's own name, URI or URI template.</param>
/// <param name="Scope">The scope a caller needs; null for what every caller may use.</param>
/// <param name="Json">The MCP object under the backend's own name, UTF-8.</param>
internal sealed record OfferedItem(CatalogKind Kind, string Name, Scope? Scope, byte[] Json)
{
    /// <summary>Why it is kept from callers; null when it is not.</summary>
    public Withholding? Withheld { get; init; }
}

/// <summary>The instructions of a native server.</summary>
/// <param name="Text">As the server wrote them.</param>
/// <param name="Withheld">Why nobody may be shown them; null when they may.</param>
internal sealed record OfferedInstructions(string Text, Withholding? Withheld = null);
