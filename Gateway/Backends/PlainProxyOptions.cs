namespace Cortex.Backends;

/// <summary>The root key <c>reverseProxy:</c>: plain YARP routes and clusters for ordinary HTTP traffic, in YARP's own schema.</summary>
internal sealed class PlainProxyOptions : Dictionary<string, Foundation.Configuration.RawSection>;
