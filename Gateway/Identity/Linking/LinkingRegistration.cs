namespace Cortex.Identity.Linking;

/// <summary>Registers how persons link their accounts at third-party servers.</summary>
internal static class LinkingRegistration
{
    internal static void AddLinking(this IServiceCollection services)
    {
        services.AddSingleton<ProviderDiscovery>();
        services.AddSingleton<LinkInvitations>();
    }
}
