using System.Globalization;
using k8s.Models;

namespace Cortex.Backends.Discovery;

/// <summary>Where a Service is reached from inside the cluster: <c>http://tickets.payments.svc:8080</c>, or why that can't be told.</summary>
internal abstract record ServiceAddress
{
    private ServiceAddress()
    {
    }

    internal sealed record Known(string Url, bool IsPlaintext) : ServiceAddress;

    /// <param name="Annotation">The annotation that is wrong or missing; null: none would help.</param>
    internal sealed record Fault(string? Annotation, string Problem, string Mend) : ServiceAddress;

    /// <summary>Takes the port that the annotations name, or the only one; it is https by annotation, by its <c>appProtocol</c>, name or number.</summary>
    public static ServiceAddress Of(V1Service service)
    {
        var annotations = service.Metadata.Annotations;
        if (service.Spec?.Type == "ExternalName")
            return new Fault(null, "the Service is an ExternalName: it leads anywhere", "Annotate a Service with endpoints of its own, or let an operator write the backend into a file");
        if (service.Spec?.Selector is not { Count: > 0 })
            return new Fault(null, "the Service has no selector: endpoints that are written by hand lead anywhere", "Give it a spec.selector that picks its pods, or let an operator write the backend into a file");
        V1ServicePort[] ports = [.. (service.Spec?.Ports ?? []).Where(port => port.Protocol is null or "TCP")];
        var wanted = annotations.TryGetValue(ServiceAnnotation.Port, out var text) ? text.Trim() : null;
        var found = wanted is null ? ports : [.. ports.Where(port => port.Name == wanted || Number(port) == wanted)];
        if (found is not [var port])
            return PortFault(ports, wanted);
        var scheme = annotations.TryGetValue(ServiceAnnotation.Scheme, out var written) ? written.Trim() : SchemeOf(port);
        if (scheme is not ("http" or "https"))
            return new Fault(ServiceAnnotation.Scheme, "the value is neither http nor https", $"Write {ServiceAnnotation.Scheme}: https or http, or leave it out");
        return new Known(new UriBuilder(scheme, $"{service.Name()}.{service.Namespace()}.svc", port.Port).Uri.GetLeftPart(UriPartial.Authority), scheme == "http");
    }

    private static Fault PortFault(V1ServicePort[] ports, string? wanted)
    {
        var known = string.Join(", ", ports.Select(port => port.Name is null ? Number(port) : $"{port.Name} ({Number(port)})"));
        return (ports, wanted) switch
        {
            ([], _) => new Fault(null, "the Service has no TCP port", "Give it one"),
            (_, null) => new Fault(ServiceAnnotation.Port, $"the Service has several ports: {known}", $"Name one, such as {ServiceAnnotation.Port}: \"{ports[0].Name ?? Number(ports[0])}\""),
            _ => new Fault(ServiceAnnotation.Port, "the Service has no such port", $"Write one of {known}"),
        };
    }

    private static string SchemeOf(V1ServicePort port) =>
        port.AppProtocol == "https" || port.Name == "https" || port.Name?.StartsWith("https-", StringComparison.Ordinal) is true || port.Port == 443 ? "https" : "http";

    private static string Number(V1ServicePort port) => port.Port.ToString(CultureInfo.InvariantCulture);
}
