using Cortex.Foundation.Configuration;

namespace Cortex.Backends.Discovery;

/// <summary>A Service that announces a backend.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="CreatedAt">Of two that announce the same name, the older Service wins, at every replica.</param>
/// <param name="Version">The Service's <c>resourceVersion</c>: the same means that nothing changed.</param>
/// <param name="Backend">What it announces.</param>
internal sealed record AnnouncedService(string Namespace, string Name, DateTime CreatedAt, string Version, DiscoveredBackend Backend)
{
    /// <summary>The order in which Services come by their names.</summary>
    public static IEnumerable<AnnouncedService> InOrder(IEnumerable<AnnouncedService> services) => services
        .OrderBy(service => service.CreatedAt)
        .ThenBy(service => service.Namespace, StringComparer.Ordinal)
        .ThenBy(service => service.Name, StringComparer.Ordinal);
}
