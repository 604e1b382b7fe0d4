using Cortex.Identity.AuthorizationServer.Consent;
using OpenIddict.Abstractions;

namespace Cortex.Identity.AuthorizationServer.Registration;

/// <summary>Takes a client away, with its grants, tokens and consents.</summary>
internal sealed class ClientRemoval(IOpenIddictApplicationManager clients, ConsentStore consents, ClientUses uses)
{
    /// <summary>The client goes first, its row last: whatever breaks in between is done again by the next try.</summary>
    /// <returns>False when there was no such client.</returns>
    public async Task<bool> RemoveAsync(string clientId, CancellationToken cancellationToken)
    {
        var client = await clients.FindByClientIdAsync(clientId, cancellationToken);
        if (client is not null)
            await clients.DeleteAsync(client, cancellationToken);
        await consents.ForgetClientAsync(clientId, cancellationToken);
        await uses.RemoveAsync(clientId, cancellationToken);
        return client is not null;
    }
}
