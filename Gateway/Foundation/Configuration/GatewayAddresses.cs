using Microsoft.Extensions.Options;

namespace Cortex.Foundation.Configuration;

/// <summary>
/// The gateway's own addresses, each in the one form that goes on the wire: clients compare them as strings.
/// A change of <c>gateway.publicUrl</c> needs a restart.
/// </summary>
internal sealed class GatewayAddresses
{
    public GatewayAddresses(IOptionsMonitor<GatewayOptions> options)
    {
        Origin = options.CurrentValue.PublicUrl.TrimEnd('/');
        Issuer = Origin + "/";
        McpResource = Origin + "/mcp";
        IdentityIssuer = Origin + "/identity";
        AdminResource = Origin + "/api/admin";
    }

    /// <summary>Scheme, host and port, without a trailing slash.</summary>
    public string Origin { get; }

    /// <summary>Issuer of the embedded authorization server: the origin with a trailing slash, as OpenIddict writes it.</summary>
    public string Issuer { get; }

    /// <summary>The protected resource, and audience of tokens for <c>/mcp</c>.</summary>
    public string McpResource { get; }

    /// <summary>Issuer of the tokens minted for backends.</summary>
    public string IdentityIssuer { get; }

    /// <summary>Audience of the operator API.</summary>
    public string AdminResource { get; }

    /// <summary>Address of the protected-resource metadata of <see cref="McpResource"/>.</summary>
    public string ResourceMetadata => Origin + "/.well-known/oauth-protected-resource/mcp";

    /// <summary>The protected resource of a toolset.</summary>
    public string ToolsetResource(string toolset) => $"{McpResource}/{toolset}";

    /// <summary>Address of the protected-resource metadata of a toolset.</summary>
    public string ToolsetResourceMetadata(string toolset) => $"{ResourceMetadata}/{toolset}";
}
