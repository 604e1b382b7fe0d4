using Cortex.Foundation.Configuration;

namespace Cortex.Backends;

/// <summary>The root key <c>reverseProxy:</c>: plain YARP routes and clusters for ordinary HTTP traffic, in YARP's own schema.</summary>
internal sealed class PlainProxyOptions
{
    /// <summary>Routes by id, in YARP's own schema.</summary>
    public RawSection? Routes { get; init; }

    /// <summary>Clusters by id, in YARP's own schema.</summary>
    public RawSection? Clusters { get; init; }
}
