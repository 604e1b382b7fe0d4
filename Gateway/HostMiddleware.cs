using Cortex.Foundation.Configuration;

namespace Cortex;

/// <summary>
/// Refuses requests at <see cref="OwnEndpoints"/> under a host name that is not the gateway's: 403, whatever they carry. A page whose own name
/// was pointed at the gateway's address (<see href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning">DNS
/// rebinding</see>) still sends that name. Behind a trusted proxy the name is that of <c>X-Forwarded-Host</c>.
/// </summary>
internal sealed class HostMiddleware(RequestDelegate next, OwnHosts hosts, GatewayAddresses addresses)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!OwnEndpoints.Contain(context.Request.Path) || hosts.Contains(context.Request.Host.Host))
            return next(context);
        return TypedResults.Problem(
            statusCode: StatusCodes.Status403Forbidden,
            title: "Host not allowed",
            detail: $"The gateway does not answer under this host name. Use {addresses.Origin}, or have an operator add the name to gateway.allowedHosts.").ExecuteAsync(context);
    }
}
