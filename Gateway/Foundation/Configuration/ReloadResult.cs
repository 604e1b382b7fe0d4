namespace Cortex.Foundation.Configuration;

/// <summary>What came of looking at the files again.</summary>
internal abstract record ReloadResult
{
    private ReloadResult()
    {
    }

    /// <summary>What change callbacks threw, if any did; the new snapshot stays in place.</summary>
    public AggregateException? ListenerFailure { get; init; }

    /// <summary>The files, and what was discovered, are as they were.</summary>
    internal sealed record Unchanged : ReloadResult;

    /// <summary>Everything is valid and runs, but for what waits for a restart.</summary>
    /// <param name="Changed">Keys of the sections with new options.</param>
    internal sealed record Accepted(IReadOnlyList<string> Changed, ConfigurationStatus Status) : ReloadResult;

    /// <summary>An included file, or what announces a backend, is faulty and keeps what it had; the rest runs.</summary>
    /// <param name="Changed">Keys of the sections with new options.</param>
    internal sealed record Partial(IReadOnlyList<string> Changed, ConfigurationStatus Status) : ReloadResult;

    /// <summary>The main file is faulty and the running one stays; good included files still count.</summary>
    /// <param name="Changed">Keys of the sections with new options.</param>
    internal sealed record Rejected(IReadOnlyList<string> Changed, ConfigurationStatus Status) : ReloadResult;
}
