using k8s.Models;

namespace Cortex.Tests.Backends.Discovery;

/// <summary>Services to announce backends with.</summary>
internal static class ServiceExample
{
    /// <summary>A Service in <c>payments</c> with the annotation <c>cortex.dev/backend: "true"</c>, a selector and one port, 8080.</summary>
    /// <param name="name">Its name; <c>namespace/name</c> for another namespace.</param>
    /// <param name="annotations">Further annotations of <c>cortex.dev/</c>, <c>backend</c> and <c>config</c> for instance.</param>
    public static V1Service Of(string name, params (string Key, string Value)[] annotations)
    {
        var parts = name.Split('/');
        var service = new V1Service
        {
            ApiVersion = "v1",
            Kind = "Service",
            Metadata = new V1ObjectMeta
            {
                NamespaceProperty = parts.Length == 2 ? parts[0] : "payments",
                Name = parts[^1],
                Annotations = new Dictionary<string, string> { ["cortex.dev/backend"] = "true" },
            },
            Spec = new V1ServiceSpec
            {
                Type = "ClusterIP",
                Selector = new Dictionary<string, string> { ["app"] = parts[^1] },
                Ports = [new V1ServicePort { Name = "web", Port = 8080, Protocol = "TCP" }],
            },
        };
        foreach (var (key, value) in annotations)
            service.Metadata.Annotations[$"cortex.dev/{key}"] = value;
        return service;
    }

    /// <summary>The same Service without an annotation.</summary>
    public static V1Service Plain(string name)
    {
        var service = Of(name);
        service.Metadata.Annotations = null;
        return service;
    }
}
