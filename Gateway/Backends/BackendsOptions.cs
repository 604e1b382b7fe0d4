using Cortex.Foundation.Configuration;

namespace Cortex.Backends;

/// <summary>The federated systems, by name: the root key <c>backends:</c>.</summary>
internal sealed class BackendsOptions : Dictionary<string, BackendOptions>
{
    internal static ConfigurationSection Section { get; } = new ConfigurationSection<BackendsOptions>("backends");
}
