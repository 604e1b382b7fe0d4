using Cortex.Backends;
using Cortex.Backends.Discovery;
using Cortex.Catalog.Search;
using Cortex.Catalog.Toolsets;
using Cortex.Feedback;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Cortex.Governance.Integrity;
using Cortex.Governance.Limits;
using Cortex.Identity.Callers;
using Cortex.Identity.Callers.Issuers;
using Cortex.Identity.Linking;
using Cortex.Mcp;

namespace Cortex;

/// <summary>Every root key of <c>cortex.yaml</c>, in the order in which the reference shows them.</summary>
internal static class Sections
{
    internal static IReadOnlyList<ConfigurationSection> All { get; } =
    [
        GatewaySection.Section,
        StorageRegistration.Section,
        IdentitySection.Section.And(OwnIssuerValidation.Validate),
        BackendsRegistration.Section.And(LinkedAccountsValidation.Validate),
        DiscoverySection.Section,
        SealingRegistration.Section,
        IntegrityRegistration.Section,
        ToolsetsOptions.Section,
        McpRegistration.PagingSection,
        SearchOptions.Section,
        TicketsSection.Section,
        LimitsRegistration.Section,
        BackendsRegistration.PlainProxySection.And(PlainProxyNames.Validate),
    ];
}
