namespace Cortex.Foundation.Configuration;

/// <summary>The root key <c>gateway:</c>.</summary>
internal static class GatewaySection
{
    internal static ConfigurationSection Section { get; } = new ConfigurationSection<GatewayOptions>("gateway");
}
