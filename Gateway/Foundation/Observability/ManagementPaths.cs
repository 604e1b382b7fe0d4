namespace Cortex.Foundation.Observability;

/// <summary>The paths that operators' machines ask for, and that no one signs in to.</summary>
internal static class ManagementPaths
{
    public const string Liveness = "/healthz";
    public const string Readiness = "/readyz";
    public const string Metrics = "/metrics";

    public static bool Contains(PathString path) => path.Value is Liveness or Readiness or Metrics;
}
