using System.Net;
using Cortex.Cli.Stdio.Connection;
using ModelContextProtocol;

namespace Cortex.Cli.Stdio;

/// <summary>Says in a sentence why a message did not reach the gateway, or its answer the client, and what to do.</summary>
internal static class GatewayFaults
{
    /// <summary>The sentence; null for a fault of the bridge's own.</summary>
    public static string? Describe(Exception exception, StdioOptions options) => exception switch
    {
        StdioException or SessionLostException => exception.Message,
        HttpRequestException { StatusCode: { } status } => Refusal(status, options),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError } =>
            $"The gateway at {options.Endpoint} can't be reached: {Innermost(exception)} Check that it runs; the next request tries again.",
        HttpRequestException or IOException => $"The connection to the gateway at {options.Endpoint} broke: {Innermost(exception)} The request may have been carried out; the next one tries again.",
        McpException { InnerException: null } when exception.Message.Contains("without a reply", StringComparison.Ordinal) =>
            $"{options.Endpoint} gave no answer to this request, which may have been carried out. If no request is ever answered, that is not the address of an MCP endpoint.",
        McpException => $"Signing in at {options.Endpoint} failed: {exception.Message}",
        ArgumentException or FormatException => $"The message can't be sent on: {Innermost(exception)} A member may be there twice, or a name hold a line break.",
        _ => null,
    };

    private static string Refusal(HttpStatusCode status, StdioOptions options) => status switch
    {
        HttpStatusCode.Unauthorized when options.Token is { } token => $"The gateway at {options.Endpoint} refused the token (401). {token.Source} must hold one that is valid there; make a new one.",
        HttpStatusCode.Unauthorized => $"The gateway at {options.Endpoint} refused the sign-in (401). Sign in again: cortex stdio {options.Endpoint} --logout, then the same with --login.",
        HttpStatusCode.Forbidden => $"The gateway at {options.Endpoint} refused the request (403): your permissions do not reach that far.",
        HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed => $"There is no MCP endpoint at {options.Endpoint} ({(int)status}). A gateway's address ends with /mcp or /mcp/ and the name of a toolset.",
        >= HttpStatusCode.Moved and < HttpStatusCode.BadRequest => $"{options.Endpoint} leads elsewhere ({(int)status}). Name the address it leads to.",
        HttpStatusCode.TooManyRequests => $"The gateway at {options.Endpoint} has had too many requests (429). Wait a little.",
        >= HttpStatusCode.InternalServerError => $"The gateway at {options.Endpoint} can't answer now ({(int)status}). The next request tries again.",
        _ => $"The gateway at {options.Endpoint} refused the request ({(int)status}).",
    };

    private static string Innermost(Exception exception) => exception.GetBaseException().Message.TrimEnd('.') + ".";
}
