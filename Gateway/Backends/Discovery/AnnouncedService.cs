using Cortex.Foundation.Configuration;

namespace Cortex.Backends.Discovery;

/// <summary>A Service that announces a backend.</summary>
/// <param name="Name">Its name.</param>
/// <param name="CreatedAt">Of two of a namespace that can't both be, the older Service is the backend, at every replica.</param>
/// <param name="Version">The Service's <c>resourceVersion</c>: the same means that nothing changed.</param>
/// <param name="Content">What <paramref name="Backend"/> was read from.</param>
/// <param name="Backend">What it announces; the same object for as long as the content is the same.</param>
internal sealed record AnnouncedService(string Name, DateTime CreatedAt, string Version, ServiceContent Content, DiscoveredBackend Backend)
{
    /// <summary>
    /// The order in which Services come by their names and prefixes: that of the namespaces as the operator lists them, so that age gives nobody
    /// a say over a namespace that stands before; then by age, then by name.
    /// </summary>
    /// <param name="namespaces">The Services of each namespace, in the operator's order.</param>
    public static IEnumerable<AnnouncedService> InOrder(IEnumerable<IEnumerable<AnnouncedService>> namespaces) => namespaces.SelectMany(services => services
        .OrderBy(service => service.CreatedAt)
        .ThenBy(service => service.Name, StringComparer.Ordinal));
}
