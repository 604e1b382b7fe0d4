using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Entitlements;
using Cortex.Identity.Vault;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Identity.Vault;

namespace Cortex.Tests.Catalog.Personal;

/// <summary>Accounts that persons link without a provider: what the browser flow leaves in the vault.</summary>
internal static class Grants
{
    /// <summary>The person who signed in with this address.</summary>
    public static async Task<PersonId> PersonAsync(GatewayHost gateway, string email) =>
        PersonId.Parse((await gateway.Get<PersonRecords>().ListAsync(email, null, 1, CancellationToken.None)).Single().Id);

    /// <summary>Links an account whose token is <paramref name="token"/>.</summary>
    /// <param name="gateway">Where.</param>
    /// <param name="email">Whose.</param>
    /// <param name="backend">At which backend.</param>
    /// <param name="token">The access token.</param>
    /// <param name="provider">Gives another token once; null: nobody does.</param>
    public static async Task LinkAsync(GatewayHost gateway, string email, string backend, string token, TokenProvider? provider = null) => await gateway.Get<PersonVault>().LinkAsync(
        new GrantKey(await PersonAsync(gateway, email), BackendId.Parse(backend)),
        "https://provider.example",
        new Grant
        {
            AccessToken = token,
            RefreshToken = provider?.IssueRefreshToken(),
            Client = new GrantClient
            {
                ClientId = "gateway",
                TokenEndpoint = provider?.Endpoint ?? new Uri("http://127.0.0.1:9/token"),
                OnLoopback = true,
                Resource = gateway.Get<BackendRegistry>().Current.Find(BackendId.Parse(backend))!.ServerAddress.AbsoluteUri,
            },
        },
        new GrantTerms("read", null),
        CancellationToken.None);

    /// <summary>Takes it back.</summary>
    public static async Task UnlinkAsync(GatewayHost gateway, string email, string backend) =>
        await gateway.Get<PersonVault>().UnlinkAsync(new GrantKey(await PersonAsync(gateway, email), BackendId.Parse(backend)), CancellationToken.None);
}
