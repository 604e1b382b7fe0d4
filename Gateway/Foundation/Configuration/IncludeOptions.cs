namespace Cortex.Foundation.Configuration;

/// <summary>What stands at the root beside the sections.</summary>
internal sealed class IncludeOptions
{
    /// <summary>
    /// Further files, by name or pattern (<c>backends.d/*.yaml</c>), relative to this one. Each may hold <c>backends:</c> and nothing else;
    /// a bad file disables that file's change alone.
    /// </summary>
    public IReadOnlyList<string> Include { get; init; } = [];
}
