using k8s.Models;

namespace Cortex.Backends.Discovery;

/// <summary>What of a Service <see cref="ServiceReader"/> looks at: where this is the same, so is what the Service announces, whatever else of it changed.</summary>
internal sealed class ServiceContent
{
    private readonly string?[] _parts;

    private ServiceContent(string?[] parts) => _parts = parts;

    public static ServiceContent Of(V1Service service)
    {
        var ports = (service.Spec?.Ports ?? []).Select(port => new string?[] { port.Name, $"{port.Port}", port.Protocol, port.AppProtocol }).ToArray();
        var annotations = (service.Metadata.Annotations ?? new Dictionary<string, string>())
            .Where(annotation => annotation.Key.StartsWith(ServiceAnnotation.Domain, StringComparison.Ordinal))
            .OrderBy(annotation => annotation.Key, StringComparer.Ordinal)
            .SelectMany(annotation => new string?[] { annotation.Key, annotation.Value });

        // The number keeps ports and annotations apart.
        string?[] head = [service.Spec?.Type, service.Spec?.Selector is { Count: > 0 } ? "selector" : null, $"{ports.Length}"];
        return new ServiceContent([.. head, .. ports.SelectMany(port => port), .. annotations]);
    }

    public bool IsSameAs(ServiceContent other) => _parts.AsSpan().SequenceEqual(other._parts);
}
