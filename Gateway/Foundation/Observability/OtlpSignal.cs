using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;

namespace Cortex.Foundation.Observability;

/// <summary>
/// One signal (<c>TRACES</c>, <c>METRICS</c>) and the standard variables that send it out by OTLP
/// (<see href="https://opentelemetry.io/docs/specs/otel/protocol/exporter/">OTLP exporter</see>). The exporter reads the general variables by itself,
/// but not those of one signal.
/// </summary>
internal sealed class OtlpSignal(IConfiguration configuration, string signal)
{
    /// <summary>True when this signal has an address to go to.</summary>
    public bool IsWanted => Find("ENDPOINT") is not null || !string.IsNullOrWhiteSpace(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);

    /// <summary>Puts the signal's own address (taken as it is), protocol and headers in place of the general ones.</summary>
    public void Apply(OtlpExporterOptions options)
    {
        if (Find("PROTOCOL") is { } protocol)
            options.Protocol = protocol == "grpc" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        if (Find("ENDPOINT") is { } endpoint)
            options.Endpoint = new Uri(endpoint);
        if (Find("HEADERS") is { } headers)
            options.Headers = headers;
    }

    private string? Find(string setting) =>
        configuration[$"OTEL_EXPORTER_OTLP_{signal}_{setting}"] is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;
}
