using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace Cortex.Foundation.Observability;

/// <summary>The one activity source and the one meter that the gateway's own spans and metrics come from.</summary>
internal static class Telemetry
{
    /// <summary>Name of both, as exporters and filters see it.</summary>
    public const string Name = "Cortex";

    /// <summary>Version of the running gateway, without build metadata.</summary>
    public static string Version { get; } =
        typeof(Telemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    public static ActivitySource Source { get; } = new(Name, Version);

    public static Meter Meter { get; } = new(Name, Version);
}
