using Cortex.Catalog.Search;

namespace Cortex.Catalog.Toolsets;

/// <summary>One entry of <c>toolsets:</c>. What is in it fits every one of the keys that choose.</summary>
internal sealed class ToolsetOptions
{
    /// <summary>What people are told it is called. Default: its name.</summary>
    public string? Title { get; init; }

    /// <summary>What it is for, for people who choose among toolsets.</summary>
    public string? Description { get; init; }

    /// <summary>What agents are told first when they connect, ahead of the gateway's own advice.</summary>
    public string? Instructions { get; init; }

    /// <summary>The backends whose tools, prompts and resources are in it; empty: all, or, where <c>tools</c> names some, those that have one of them.</summary>
    public IReadOnlyList<string> Backends { get; init; } = [];

    /// <summary>Which tools, by public name, or just the list of those to include.</summary>
    public PatternOptions Tools { get; init; } = new();

    /// <summary>Which prompts, by public name.</summary>
    public PatternOptions Prompts { get; init; } = new();

    /// <summary>Which resources and templates, by URI.</summary>
    public PatternOptions Resources { get; init; } = new();

    /// <summary>Only what needs one of these scopes, in which <c>*</c> stands for any run of characters (<c>mcp:*:read</c>); empty: any.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>How its tools are listed unless a request says otherwise; unset: as <c>search</c> says.</summary>
    public ToolMode? ToolMode { get; init; }

    /// <summary>Tools that are listed whole where the list is cut down, besides those of <c>search.pinned</c>.</summary>
    public IReadOnlyList<string> Pinned { get; init; } = [];

    /// <summary>False: without the gateway's own tools and resources.</summary>
    public bool Builtins { get; init; } = true;
}
