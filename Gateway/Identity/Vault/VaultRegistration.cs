using Cortex.Foundation.Model;
using Cortex.Foundation.Sealing;

namespace Cortex.Identity.Vault;

/// <summary>Registers the vault. Preparation: its keys; call after <c>AddSealing</c>.</summary>
internal static class VaultRegistration
{
    internal static void AddVault(this IServiceCollection services)
    {
        services.AddSingleton<GrantStore>();
        services.AddSingleton<GrantSealing>();
        services.AddSingleton<GrantListeners>();
        services.AddSingleton<KnownGrants>();
        services.AddHostedService(provider => provider.GetRequiredService<KnownGrants>());
        services.AddSingleton<TokenEndpoint>();
        services.AddSingleton<GrantRefresh>();
        services.AddSingleton<PersonVault>();
        services.AddSingleton<GrantResealing>();
        services.AddHostedService(provider => provider.GetRequiredService<GrantResealing>());
        services.AddSingleton<ISealedRecords>(provider => provider.GetRequiredService<GrantResealing>());
        services.AddSingleton<IPreparation, VaultPreparation>();
    }
}
