namespace Cortex.Backends;

/// <summary>The root key <c>backends:</c>, by backend id.</summary>
internal sealed class BackendsOptions : Dictionary<string, BackendOptions>;
