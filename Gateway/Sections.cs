using Cortex.Backends;
using Cortex.Foundation.Configuration;

namespace Cortex;

/// <summary>Every root key of <c>cortex.yaml</c>, in the order in which the reference shows them.</summary>
internal static class Sections
{
    internal static IReadOnlyList<ConfigurationSection> All { get; } =
    [
        GatewaySection.Section,
        BackendsRegistration.Section,
        BackendsRegistration.PlainProxySection,
    ];
}
