namespace Cortex.Backends;

/// <summary>Whose catalog of a backend is shown.</summary>
internal enum CatalogSharing
{
    /// <summary>One for all, read by the gateway itself or by <c>catalogAccount</c>.</summary>
    Shared,

    /// <summary>Each person's own, read as them.</summary>
    PerPerson,
}
