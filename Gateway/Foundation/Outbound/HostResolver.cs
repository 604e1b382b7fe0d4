using System.Net;

namespace Cortex.Foundation.Outbound;

/// <summary>Finds the network addresses of a host; the system's own resolver outside tests.</summary>
internal delegate Task<IPAddress[]> HostResolver(string host, CancellationToken cancellationToken);
