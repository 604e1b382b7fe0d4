namespace Cortex.Mcp.Answers;

/// <summary>The root key <c>paging:</c>: how lists are cut into pages.</summary>
internal sealed class PagingOptions
{
    /// <summary>Items a page of a list; 0 for whole lists.</summary>
    public int PageSize { get; init; }
}
