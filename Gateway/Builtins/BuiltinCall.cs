using Cortex.Catalog;
using Cortex.Foundation.Model;

namespace Cortex.Builtins;

/// <summary>A call of a builtin.</summary>
/// <param name="Caller">Who calls.</param>
/// <param name="Http">The request; for a backend's credential alone.</param>
/// <param name="Arguments">The arguments, a raw JSON object; empty when none were sent.</param>
/// <param name="Catalog">The catalog of this moment.</param>
/// <param name="Request">Sends another request of the caller's through the gateway.</param>
internal sealed record BuiltinCall(Caller Caller, HttpContext Http, ReadOnlyMemory<byte> Arguments, CatalogSnapshot Catalog, InnerRequest Request)
{
    /// <summary>What the caller sees of the catalog.</summary>
    public CatalogView View => Catalog.ViewFor(Caller.Scopes);
}

/// <summary>Sends an MCP request of the same caller through the gateway, with all its checks and records.</summary>
/// <param name="method">The method.</param>
/// <param name="parameters">Its <c>params</c>, a raw JSON object.</param>
/// <param name="cancellationToken">Ends the request.</param>
internal delegate Task<InnerReply> InnerRequest(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken);
