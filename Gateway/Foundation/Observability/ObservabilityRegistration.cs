using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Cortex.Foundation.Observability;

/// <summary>Puts traces, metrics, logging and probes together.</summary>
internal static class ObservabilityRegistration
{
    /// <summary>Registers telemetry, <see cref="Readiness"/> and the probes.</summary>
    /// <param name="managementPort">
    /// <c>gateway.management.port</c>; null: probes and metrics are served on the gateway's own addresses. A plain number, since this room
    /// knows no configuration.
    /// </param>
    internal static void AddObservability(this WebApplicationBuilder builder, int? managementPort = null)
    {
        LoggingDefaults.Apply(builder.Configuration);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddSingleton(new ManagementPort(managementPort));
        builder.Services.AddHostedService<DrainSignal>();

        var spans = new OtlpSignal(builder.Configuration, "TRACES");
        var points = new OtlpSignal(builder.Configuration, "METRICS");
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService("cortex-gateway", serviceVersion: Telemetry.Version)
                .AddEnvironmentVariableDetector())
            .WithTracing(tracing =>
            {
                tracing
                    .AddSource(Telemetry.Name, "Yarp.ReverseProxy")
                    .AddAspNetCoreInstrumentation(options =>
                        options.Filter = context => !ManagementPaths.Contains(context.Request.Path))
                    .AddHttpClientInstrumentation()
                    .AddProcessor<QueryRemover>();
                if (spans.IsWanted)
                    tracing.AddOtlpExporter(spans.Apply);
            })
            .WithMetrics(metrics =>
            {
                metrics
                    .AddMeter(Telemetry.Name)
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddPrometheusExporter();
                if (points.IsWanted)
                    metrics.AddOtlpExporter(points.Apply);
            });
    }

    /// <summary>
    /// Serves <c>/healthz</c>, <c>/readyz</c> and <c>/metrics</c>, and opens the management port. Call it ahead of everything else in the
    /// pipeline, since it answers before host checks and authentication, and after <see cref="WebApplication.Urls"/> are set.
    /// </summary>
    internal static void UseObservability(this WebApplication app)
    {
        app.Services.GetRequiredService<ManagementPort>().Open(app.Urls, app.Configuration);
        app.UseMiddleware<ProbeMiddleware>();
        app.UseOpenTelemetryPrometheusScrapingEndpoint(context => context.Request.Path.Value == ManagementPaths.Metrics);
    }
}
