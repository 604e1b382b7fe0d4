using Cortex.Foundation.Configuration;

namespace Cortex.Catalog.Toolsets;

/// <summary>Names in a toolset; <c>*</c> stands for any run of characters.</summary>
internal sealed class PatternOptions
{
    /// <summary>Those that are in it; empty: all.</summary>
    [Shorthand]
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Those that are not, whatever <c>include</c> says.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];
}
