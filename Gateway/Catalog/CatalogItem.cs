using Cortex.Backends;
using Cortex.Foundation.Model;

namespace Cortex.Catalog;

/// <summary>One tool as clients see it.</summary>
/// <param name="PublicName">The name clients call.</param>
/// <param name="Backend">The one backend that owns it.</param>
/// <param name="OriginalName">The backend's own name.</param>
/// <param name="Scope">The scope a caller needs.</param>
/// <param name="Json">The MCP tool object under the public name, UTF-8; everything else as the backend wrote it.</param>
internal sealed record CatalogItem(string PublicName, BackendDefinition Backend, string OriginalName, Scope Scope, ReadOnlyMemory<byte> Json);
