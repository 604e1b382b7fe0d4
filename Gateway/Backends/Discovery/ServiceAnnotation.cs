namespace Cortex.Backends.Discovery;

/// <summary>The annotations that the gateway reads of a Service.</summary>
internal static class ServiceAnnotation
{
    /// <summary>What all of them begin with.</summary>
    public const string Domain = "cortex.dev/";

    /// <summary>Makes the Service a backend: its name; empty or <c>true</c> for the Service's own; <c>false</c> for none.</summary>
    public const string Backend = Domain + "backend";

    /// <summary>The backend's options, as YAML, as they would stand below <c>backends.&lt;name&gt;</c>.</summary>
    public const string Config = Domain + "config";

    /// <summary>Name or number of the port, where the Service has several.</summary>
    public const string Port = Domain + "port";

    /// <summary><c>http</c> or <c>https</c>, where the port does not say.</summary>
    public const string Scheme = Domain + "scheme";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Backend, Config, Port, Scheme];
}
