using Cortex.Backends;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Identity.Vault;

namespace Cortex.Identity.Linking.Clients;

/// <summary>
/// Who the gateway is at a provider, in the order of the MCP specification: (1) the client that an operator registered by hand; (2) its own metadata
/// document, where the provider reads such and the gateway has an https address; (3) a client that it registers by itself. Thread-safe.
/// </summary>
internal sealed class ClientIdentities(ClientDocument document, RegisteredClients registered, GatewayAddresses addresses)
{
    /// <summary>The client for one backend at its provider.</summary>
    public async Task<ClientIdentityResult> FindAsync(BackendDefinition backend, LinkProvider provider, CancellationToken cancellationToken)
    {
        if (backend.Options.Link is { ClientId: { } clientId } link)
            return OfOperator(backend.Id, provider, clientId, link.ClientSecret);
        if (provider.TakesClientDocuments && document.CanBeRead)
            return new ClientIdentityResult.Found(provider.MakeClient(document.Address, null, ClientAuthentication.None));
        if (provider.RegistrationEndpoint is not null)
            return await registered.FindAsync(provider, RedirectUri(backend.Id), cancellationToken);
        return new ClientIdentityResult.Failed(
            $"The provider {provider.Issuer} takes only clients that somebody registered there. An operator must register one with the redirect URI {RedirectUri(backend.Id)} and write its id into backends.{backend.Id}.link.clientId.");
    }

    /// <summary>Where a provider sends browsers back to.</summary>
    public string RedirectUri(BackendId backend) => addresses.Origin + LinkPaths.CallbackOf(backend);

    private static ClientIdentityResult OfOperator(BackendId backend, LinkProvider provider, string clientId, Secret? secret)
    {
        if (secret is null)
            return new ClientIdentityResult.Found(provider.MakeClient(clientId, null, ClientAuthentication.None));
        return TokenAuthentication.OfSecret(provider) is { } authentication
            ? new ClientIdentityResult.Found(provider.MakeClient(clientId, secret.Reveal(), authentication))
            : new ClientIdentityResult.Failed($"The provider {provider.Issuer} takes no client secret. An operator must look at backends.{backend}.link.");
    }
}
