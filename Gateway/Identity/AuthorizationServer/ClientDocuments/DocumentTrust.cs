using Cortex.Foundation.Outbound;

namespace Cortex.Identity.AuthorizationServer.ClientDocuments;

/// <summary>How far the addresses of documents are followed: as any address that is met at run time, outside tests.</summary>
internal sealed record DocumentTrust(OutboundTrust Trust);
