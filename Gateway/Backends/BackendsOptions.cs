using Cortex.Foundation.Configuration;

namespace Cortex.Backends;

/// <summary>The root key <c>backends:</c>: the federated systems, by name.</summary>
internal sealed class BackendsOptions : Dictionary<string, BackendOptions>
{
    internal static ConfigurationSection Section { get; } = new ConfigurationSection<BackendsOptions>("backends");
}
