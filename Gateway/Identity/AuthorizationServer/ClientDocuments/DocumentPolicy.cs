using Cortex.Identity.Callers;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.AuthorizationServer.ClientDocuments;

/// <summary>Whose documents count: <c>identity.authorizationServer.clientMetadata</c> as it is now.</summary>
internal sealed class DocumentPolicy(IOptionsMonitor<IdentityOptions> identity)
{
    public bool IsEnabled => Options.Enabled;

    private ClientMetadataOptions Options => identity.CurrentValue.AuthorizationServer.ClientMetadata;

    /// <summary>True when the host of the document is one the operator trusts, on whichever port.</summary>
    public bool Allows(ClientIdUrl id)
    {
        var host = id.Uri.IdnHost;
        var allowed = Options.AllowedHosts;
        return Options.Enabled && (allowed.Count == 0 || allowed.Any(pattern => Matches(pattern, host)));
    }

    private static bool Matches(string pattern, string host) => pattern.StartsWith("*.", StringComparison.Ordinal)
        ? host.Length > pattern.Length - 1 && host.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase)
        : string.Equals(pattern, host, StringComparison.OrdinalIgnoreCase);
}
