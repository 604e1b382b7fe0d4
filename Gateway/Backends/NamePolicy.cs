namespace Cortex.Backends;

/// <summary>When a backend's prefix stands before the names of its tools and prompts.</summary>
internal enum NamePolicy
{
    /// <summary>Before every name.</summary>
    Always,

    /// <summary>Before a name that another had first; whoever has a name keeps it.</summary>
    OnConflict,

    /// <summary>Before none; a name that another had first gets a short tail.</summary>
    Never,
}
