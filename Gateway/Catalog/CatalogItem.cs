using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Governance.Integrity;

namespace Cortex.Catalog;

/// <summary>One tool, prompt, resource or template as clients see it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="PublicName">The name that clients use: for resources the URI, for templates the URI template.</param>
/// <param name="Backend">The one backend that owns it.</param>
/// <param name="OriginalName">The backend's own name.</param>
/// <param name="Scope">The scope a caller needs; null for what every caller may use.</param>
/// <param name="Json">The MCP object under the public name, UTF-8; everything else as the backend wrote it.</param>
internal sealed record CatalogItem(
    CatalogKind Kind, string PublicName, BackendDefinition Backend, string OriginalName, Scope? Scope, ReadOnlyMemory<byte> Json)
{
    /// <summary>The parameters of a tool that clients repeat in headers; null when there are none.</summary>
    public MirroredParameters? Mirrored { get; init; }

    /// <summary>True for a tool that is listed only where the list of tools is cut down to be searched.</summary>
    public bool IsOfSearch => Backend.IsGateway && Kind == CatalogKind.Tool && BuiltinNames.OfSearch.Contains(OriginalName);

    /// <summary>Whether it is the tool by which a person links an account.</summary>
    public AccountLinking Linking { get; init; }

    /// <summary>Why it is kept from callers, though it keeps its name; null when it is not.</summary>
    public Withholding? Withheld { get; init; }

    /// <summary>True when a caller with these effective scopes may use it.</summary>
    public bool IsFor(ScopeSet scopes) => Withheld is null && (Scope is not { } needed || scopes.Contains(needed));
}
