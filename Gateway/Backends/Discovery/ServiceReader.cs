using System.Text;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Configuration.Binding;
using Cortex.Foundation.Configuration.Yaml;
using Cortex.Foundation.Model;
using k8s.Models;

namespace Cortex.Backends.Discovery;

/// <summary>
/// Reads the backend that a Service announces from its annotations. The address is the Service's own and so is the audience of its tokens:
/// whoever may annotate a Service does not choose where calls go, nor what the proxy does with them.
/// </summary>
/// <param name="allowPlaintext">True: plain http inside the cluster needs no leave of each Service.</param>
internal sealed class ServiceReader(bool allowPlaintext)
{
    /// <summary>Options that a Service has no say in, and why.</summary>
    private static readonly Dictionary<string, string> Withheld = new(StringComparer.Ordinal)
    {
        ["url"] = "the Service's own address stands for 'url'",
        ["destinations"] = "the Service's own address stands for 'destinations'",
        ["audience"] = "the Service's own address stands for 'audience'",
        ["exchange"] = "a Service does not choose where tokens are shown",
        ["demo"] = "a Service is no demo backend",
        ["cluster"] = "a Service does not set the proxy's own keys, which YARP takes for all backends or for none",
    };

    /// <summary>The backend, sound or not; null when the Service announces none.</summary>
    public DiscoveredBackend? Read(V1Service service)
    {
        var annotations = service.Metadata.Annotations;
        var ours = annotations?.Keys.Where(key => key.StartsWith(ServiceAnnotation.Domain, StringComparison.Ordinal)).ToArray();
        if (annotations is null || ours is not { Length: > 0 } || annotations.TryGetValue(ServiceAnnotation.Backend, out var wanted) && wanted.Trim() == "false")
            return null;
        var source = $"Service {service.Namespace()}/{service.Name()}";
        var errors = ours.Except(ServiceAnnotation.All, StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(key => Unknown(source, key)).ToList();
        return new DiscoveredBackend(
            source, ReadBackend(service, source, errors), errors, $"Give one of the two another name: {ServiceAnnotation.Backend}: <name>");
    }

    private ConfigurationNode.Map? ReadBackend(V1Service service, string source, List<ConfigurationError> errors)
    {
        var annotations = service.Metadata.Annotations;
        if (!annotations.TryGetValue(ServiceAnnotation.Backend, out var wanted))
        {
            if (errors.Count == 0)
                errors.Add(new ConfigurationError(Whole(source), "", $"the Service has annotations of the gateway, but not {ServiceAnnotation.Backend}", $"Add {ServiceAnnotation.Backend}: \"true\", or \"false\" if it is to be no backend"));
            return null;
        }

        var name = wanted.Trim() is { Length: > 0 } text && text != "true" ? text : service.Name();
        var at = Whole(source, ServiceAnnotation.Backend);
        if (!BackendId.TryParse(name, out _))
        {
            errors.Add(new ConfigurationError(at, "", "the name is no backend name", $"Write {ServiceAnnotation.Backend}: and 1 to 32 of a-z, 0-9, '-' and '_', starting with a letter", ShownValue.Of(name)));
            return null;
        }

        var path = YamlPath.Key(RootShape.BackendsKey, name);
        var options = ReadConfig(annotations, source, path, errors);
        switch (ServiceAddress.Of(service))
        {
            case ServiceAddress.Fault fault:
                errors.Add(new ConfigurationError(Whole(source, fault.Annotation), path, fault.Problem, fault.Mend));
                return null;
            case ServiceAddress.Known address when options is not null:
                options = options.With("url", Whole(source), new ConfigurationNode.Scalar(Whole(source), address.Url, address.Url));
                if (address.IsPlaintext && allowPlaintext && options.Find("allowPlaintext") is null)
                    options = options.With("allowPlaintext", Whole(source), new ConfigurationNode.Scalar(Whole(source), "true", "true"));
                return new ConfigurationNode.Map(at, [new MapEntry(name, at, options)]);
            default:
                return null;
        }
    }

    /// <summary>The options as written, without those that are the Service's own; null when they can't be read.</summary>
    private static ConfigurationNode.Map? ReadConfig(IDictionary<string, string> annotations, string source, string path, List<ConfigurationError> errors)
    {
        var place = Whole(source, ServiceAnnotation.Config);
        if (!annotations.TryGetValue(ServiceAnnotation.Config, out var yaml) || string.IsNullOrWhiteSpace(yaml))
            return new ConfigurationNode.Map(place, []);
        var options = new YamlReader(place.File, errors, "value").Read(Encoding.UTF8.GetBytes(yaml), path);
        foreach (var entry in options?.Entries ?? [])
        {
            if (Withheld.TryGetValue(entry.Key, out var reason))
                errors.Add(new ConfigurationError(entry.KeyOrigin, YamlPath.Key(path, entry.Key), reason, "Leave the key out, or let an operator write the backend into a file"));
        }

        return options;
    }

    private static ConfigurationError Unknown(string source, string key)
    {
        var mend = Suggestion.For(key, ServiceAnnotation.All) is { } near ? $"Did you mean {near}?" : $"Known are {string.Join(", ", ServiceAnnotation.All)}";
        return new ConfigurationError(Whole(source), "", $"there is no annotation {ShownValue.Of(key)}", mend);
    }

    private static Origin.Place Whole(string source, string? annotation = null) => new(annotation is null ? source : $"{source}, {annotation}", 0, 0);
}
