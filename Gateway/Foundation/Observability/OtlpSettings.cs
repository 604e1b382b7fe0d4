using Microsoft.Extensions.Configuration;

namespace Cortex.Foundation.Observability;

/// <summary>
/// Which signals go out by OTLP: those that the standard variables give an address for
/// (<see href="https://opentelemetry.io/docs/specs/otel/protocol/exporter/">OTLP exporter</see>). The exporter itself reads addresses, headers and protocol.
/// </summary>
internal sealed record OtlpSettings(bool Traces, bool Metrics)
{
    public static OtlpSettings Read(IConfiguration configuration)
    {
        var both = IsSet("OTEL_EXPORTER_OTLP_ENDPOINT");
        return new(both || IsSet("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"), both || IsSet("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"));

        bool IsSet(string name) => !string.IsNullOrWhiteSpace(configuration[name]);
    }
}
