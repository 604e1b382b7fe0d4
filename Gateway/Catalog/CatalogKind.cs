namespace Cortex.Catalog;

/// <summary>What a catalog lists.</summary>
internal enum CatalogKind
{
    Tool,
    Prompt,

    /// <summary>A resource with an address of its own.</summary>
    Resource,

    /// <summary>A URI template (RFC 6570) of resources.</summary>
    Template,
}
