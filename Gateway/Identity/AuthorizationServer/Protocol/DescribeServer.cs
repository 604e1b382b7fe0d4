using System.Collections.Immutable;
using Cortex.Foundation.Configuration;
using Cortex.Identity.AuthorizationServer.ClientDocuments;
using Cortex.Identity.Callers;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Cortex.Identity.AuthorizationServer.Protocol;

/// <summary>
/// Completes the metadata (<see href="https://www.rfc-editor.org/rfc/rfc8414">RFC 8414</see>): registration, public clients, the scopes of
/// this moment. Addresses come from the configured public address, never from the request's <c>Host</c>.
/// </summary>
internal sealed class DescribeServer(GatewayAddresses addresses, ScopePolicy scopes, DocumentPolicy documents) : IOpenIddictServerHandler<HandleConfigurationRequestContext>
{
    private static readonly string[] AuthenticatingEndpoints = ["token", "revocation", "introspection"];

    private static readonly ImmutableArray<string?> SigningAlgorithms = [.. TokenShape.Algorithms];

    /// <summary>After OpenIddict has written what it knows.</summary>
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<HandleConfigurationRequestContext>()
            .UseSingletonHandler<DescribeServer>()
            .SetOrder(OpenIddictServerHandlers.Discovery.AttachAdditionalMetadata.Descriptor.Order + 1_000)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public ValueTask HandleAsync(HandleConfigurationRequestContext context)
    {
        context.AuthorizationEndpoint = new Uri(addresses.Origin + ServerPaths.Authorize);
        context.TokenEndpoint = new Uri(addresses.Origin + ServerPaths.Token);
        context.JsonWebKeySetEndpoint = new Uri(addresses.Origin + ServerPaths.KeySet);
        context.RevocationEndpoint = new Uri(addresses.Origin + ServerPaths.Revoke);
        context.IntrospectionEndpoint = new Uri(addresses.Origin + ServerPaths.Introspect);
        context.Metadata["registration_endpoint"] = addresses.Origin + ServerPaths.Register;
        if (documents.IsEnabled)
            context.Metadata["client_id_metadata_document_supported"] = true;
        context.TokenEndpointAuthenticationMethods.Add(OpenIddictConstants.ClientAuthenticationMethods.None);
        context.RevocationEndpointAuthenticationMethods.Add(OpenIddictConstants.ClientAuthenticationMethods.None);
        foreach (var endpoint in AuthenticatingEndpoints)
            context.Metadata[$"{endpoint}_endpoint_auth_signing_alg_values_supported"] = SigningAlgorithms;
        context.Scopes.Clear();
        context.Scopes.UnionWith(scopes.Advertised.Select(scope => scope.Value));
        return ValueTask.CompletedTask;
    }
}
