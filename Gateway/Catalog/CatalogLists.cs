namespace Cortex.Catalog;

/// <summary>The lists of which clients are told that they changed; templates count as resources.</summary>
[Flags]
internal enum CatalogLists : byte
{
    None = 0,
    Tools = 1,
    Prompts = 2,
    Resources = 4,
    All = Tools | Prompts | Resources,
}
